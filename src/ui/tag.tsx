import type { ReactNode } from 'react';
import classes from './tag.module.css';

export type Tone = 'green' | 'amber' | 'red' | 'blue' | 'violet' | 'neutral';

/** A state in a word; the colour only repeats what the word says. */
export function Tag({ tone = 'neutral', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`${classes.tag} ${classes[tone]}`} title={title}>
      {children}
    </span>
  );
}
