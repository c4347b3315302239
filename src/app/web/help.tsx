import { Modal } from '@mantine/core';
import { Facts } from '../../ui/parts.tsx';
import { useWords } from '../../ui/words.tsx';

/** The keys that work everywhere, and in lists. */
export default function Help({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const keys = ['search', 'filter', 'move', 'open', 'extract', 'help'] as const;
  const written = { search: 'Ctrl K', filter: '/', move: '↑ ↓', open: 'Enter', extract: 'e', help: '?' };
  return (
    <Modal opened onClose={onClose} title={t('help.keys')} closeButtonProps={{ 'aria-label': t('ui.close') }}>
      <Facts facts={keys.map((key) => [t(`help.${key}`), <kbd key={key}>{written[key]}</kbd>] as const)} />
    </Modal>
  );
}
