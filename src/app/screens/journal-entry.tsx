import { Anchor, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Facts } from '../../ui/parts.tsx';
import { Scrolled } from '../../ui/scrolled.tsx';
import { useWords } from '../../ui/words.tsx';
import classes from './journal-page.module.css';
import type { Entry } from './journal-page.tsx';

/** The pages of the records an entry may speak of. */
const addresses: Record<string, string> = {
  dwelling: '/biens/',
  application: '/candidats/',
  tenancy: '/baux/',
  vacancy: '/liberations/',
  session: '/commissions/',
};

type Sealed = { subjects?: { kind: string; id: string }[] };

/** One entry in full: the text as it was sealed, its hash, and the records it speaks of. */
export function JournalEntry({ entry, title, onClose }: { entry: Entry; title: string; onClose(): void }) {
  const { t, word, moment } = useWords();
  const sealed = JSON.parse(entry.entry) as Sealed;
  const subjects = (sealed.subjects ?? []).filter(({ kind }) => addresses[kind]);
  return (
    <Drawer
      opened
      onClose={onClose}
      size={520}
      title={t('journal.entry', { entry: entry.seq })}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <div className={classes.entry}>
        <p className="strong">{title}</p>
        <Facts
          facts={[
            [t('journal.at'), moment(entry.at)],
            [t('journal.actor'), entry.actor ?? 'Palier'],
            subjects.length > 0 && [
              t('journal.about'),
              <span key="about" className={classes.subjects}>
                {subjects.map(({ kind, id }) => (
                  <Anchor key={id} component={Link} to={addresses[kind] + id} size="sm">
                    {word('record-kind', kind)}
                  </Anchor>
                ))}
              </span>,
            ],
          ]}
        />
        <div>
          <h3>{t('journal.sealed')}</h3>
          <Scrolled label={t('journal.sealed')} className={classes.sealed}>
            {JSON.stringify(sealed, null, 2)}
          </Scrolled>
        </div>
        <CopyLine label={t('journal.exact')} value={entry.entry} />
        <CopyLine label={t('journal.hash-full')} description={t('journal.hash-hint')} value={entry.hash} />
      </div>
    </Drawer>
  );
}
