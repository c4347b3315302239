import type { Source } from '../../../kernel/steps.ts';
import { Tag } from '../../../ui/tag.tsx';
import { useWords } from '../../../ui/words.tsx';
import classes from './settings-page.module.css';

/** A setting by its name, what it is about, and what its default comes from: an open parameter is told apart from the law. */
export function SettingName({ setting }: { setting: { key: string; frame: { source: Source } | null } }) {
  const { t } = useWords();
  const source = setting.frame?.source;
  return (
    <div className={classes.setting}>
      <span className="strong">{t(`settings.${setting.key}`)}</span>
      <span className="dim">{t(`settings.${setting.key}.hint`)}</span>
      {source && (
        <span className={classes.source}>
          {source.confidence !== 'verified' && `${t('settings.open-parameter')} · `}
          {[source.title, source.article].filter(Boolean).join(', ')}{' '}
          {source.confidence === 'unverified' && <Tag tone="amber">{t('ui.unverified')}</Tag>}
        </span>
      )}
    </div>
  );
}

/** A lock beside words that say who holds it. */
export const Lock = () => (
  <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true" className={classes.padlock}>
    <path d="M3.5 5V3.5a2.5 2.5 0 0 1 5 0V5" fill="none" stroke="currentColor" strokeWidth="1.3" />
    <rect x="2" y="5" width="8" height="6" rx="1.2" fill="currentColor" />
  </svg>
);

/** How far a setting is the same for all; the word says it, the colour repeats it. */
export function LevelTag({ level }: { level: 'regional' | 'shared' | 'local' }) {
  const { word } = useWords();
  return (
    <Tag tone={level === 'regional' ? 'violet' : level === 'shared' ? 'blue' : 'neutral'}>
      {word('setting-level', level)}
    </Tag>
  );
}
