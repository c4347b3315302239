import { Checkbox, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../../ui/api.ts';
import { FormDrawer } from '../../../../ui/form.tsx';
import { ProblemAlert } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { previewReports, produceReports } from '../contract.ts';
import classes from './reports.module.css';

/** What producing would freeze, recipient by recipient, before anything is written; one may be left out. */
export function ProduceDrawer({
  year,
  opened,
  onClose,
  onDone,
}: {
  year: number;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t, number } = useWords();
  const preview = useQuery({
    queryKey: ['reports-preview', year],
    queryFn: () => call(previewReports, { query: { year } }),
    enabled: opened,
  });
  const items = preview.data?.items.filter(({ state }) => state === 'to-prepare') ?? [];
  const chosen = (left: Record<string, boolean>) => items.filter(({ key }) => !left[key]);
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      size={640}
      title={t('reports.preview-title', { year: String(year) })}
      submitLabel={t('reports.produce')}
      initial={{ left: {} as Record<string, boolean> }}
      submit={(values, key) =>
        call(produceReports, { key, body: { year, recipients: chosen(values.left).map((item) => item.key) } })
      }
    >
      {(form) => (
        <>
          <p className="dim">{t('reports.preview-hint')}</p>
          <ProblemAlert problem={preview.error} onRetry={() => preview.refetch()} />
          {preview.isPending && <Skeleton height={220} mt={12} />}
          {items.length > 0 && (
            <div className={classes.preview}>
              <PlainTable
                caption={t('reports.produce-count', { count: chosen(form.values.left).length })}
                rows={items}
                rowKey={(item) => item.key}
                columns={[
                  {
                    title: t('reports.produce-count', { count: chosen(form.values.left).length }),
                    render: (item) => (
                      <Checkbox
                        size="xs"
                        label={item.name}
                        checked={!form.values.left[item.key]}
                        onChange={(event) =>
                          form.setFieldValue('left', {
                            ...form.values.left,
                            [item.key]: !event.currentTarget.checked,
                          })
                        }
                      />
                    ),
                  },
                  {
                    title: t('reports.due'),
                    align: 'right',
                    render: (item) => (item.due === null ? '–' : number(item.due)),
                  },
                  ...(['proposed', 'attributed', 'leased'] as const).map((measure) => ({
                    title: t(`reports.measure.${measure}`),
                    align: 'right' as const,
                    render: (item: (typeof items)[number]) => number(item[measure]),
                  })),
                ]}
              />
            </div>
          )}
        </>
      )}
    </FormDrawer>
  );
}
