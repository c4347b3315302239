import { Button, Checkbox, Menu, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListState } from './list-table.tsx';
import { ProblemAlert } from './parts.tsx';
import { useServices } from './services.tsx';
import { useWords } from './words.tsx';

/** Filters, order and search of a list, kept under a name: for oneself or for all. */
export function SavedViews({
  list,
  state,
  onState,
}: {
  list: string;
  state: ListState;
  onState(next: ListState): void;
}) {
  const { t } = useWords();
  const services = useServices();
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const views = useQuery({ queryKey: ['views', list], queryFn: () => services.listViews(list), staleTime: 60_000 });
  const done = () => client.invalidateQueries({ queryKey: ['views', list] });
  const save = useMutation({
    mutationFn: () => services.saveView(list, { name, state, shared }),
    onSuccess: () => {
      setNaming(false);
      setName('');
      done();
    },
  });
  const remove = useMutation({ mutationFn: (id: string) => services.deleteView(list, id), onSuccess: done });
  const current = views.data?.find((view) => JSON.stringify(view.state) === JSON.stringify(state));
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="xs" style={{ color: 'var(--ink-2)', fontWeight: 450 }}>
            {current ? t('ui.view-named', { name: current.name }) : t('ui.views')} <span aria-hidden>&nbsp;⌄</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onState({})}>{t('ui.view-all')}</Menu.Item>
          {views.data?.map((view) => (
            <Menu.Item key={view.id} onClick={() => onState(view.state as ListState)}>
              {view.name}
              {view.shared && <span className="dim"> · {t('ui.view-shared')}</span>}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>{t('ui.view-save')}</Menu.Item>
          {current?.own && (
            <Menu.Item color="red" onClick={() => remove.mutate(current.id)}>
              {t('ui.view-delete', { name: current.name })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={() => setNaming(false)} title={t('ui.view-save')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <ProblemAlert problem={save.error} />
          <TextInput
            label={t('ui.view-name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            data-autofocus
            mb="sm"
          />
          <Checkbox
            label={t('ui.view-share')}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
            mb="md"
          />
          <Button type="submit" loading={save.isPending}>
            {t('ui.view-save')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
