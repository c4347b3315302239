import type { ReactNode } from 'react';
import classes from './scrolled.module.css';

/** What may be wider or longer than its place: it scrolls inside, by hand and by keyboard. */
export function Scrolled({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse reaches it to scroll
    <section className={`${classes.scrolled} ${className ?? ''}`} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
