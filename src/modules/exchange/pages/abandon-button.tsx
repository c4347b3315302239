import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../ui/api.ts';
import { ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import { abandonImport, type ImportRecord } from '../contract.ts';
import classes from './import-parts.module.css';

/** Gives an import up before it is applied. */
export function AbandonButton({ record }: { record: ImportRecord }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const abandon = useMutation({
    mutationFn: () => call(abandonImport, { params: { id: record.id } }),
    networkMode: 'always',
    onSuccess: () => {
      setAsking(false);
      return client.invalidateQueries();
    },
  });
  if (!record.can.abandon) return null;
  return (
    <>
      <QuietButton onClick={() => setAsking(true)}>{t('imports.abandon')}</QuietButton>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('imports.abandon-title')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <ProblemAlert problem={abandon.error} />
        <p className={classes.modalText}>{t('imports.abandon-hint')}</p>
        <Group gap={10} mt="md">
          <Button color="red" onClick={() => abandon.mutate()} loading={abandon.isPending} data-autofocus>
            {t('imports.abandon-now')}
          </Button>
          <QuietButton onClick={() => setAsking(false)}>{t('imports.abandon-not')}</QuietButton>
        </Group>
      </Modal>
    </>
  );
}
