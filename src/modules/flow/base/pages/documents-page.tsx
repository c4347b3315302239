import {
  ActionIcon,
  Alert,
  Button,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { yearOf } from '../../../../kernel/local-date.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { Crumbs } from '../../../../ui/crumbs.tsx';
import { DayField } from '../../../../ui/fields.tsx';
import { type Form, FormDrawer } from '../../../../ui/form.tsx';
import { Empty, Page, PageSkeleton, Panel, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { ProblemPage } from '../../../../ui/problem-page.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import {
  documentKind,
  documentReaders,
  exclusionCategory,
  listBaseDocuments,
  planDocumentVolumes,
  recordBaseDocument,
} from '../contract.ts';
import classes from './base-page.module.css';
import { BaseTabs } from './base-tabs.tsx';
import { type DocumentDrawer, DocumentDrawers, type ReferenceDocument, VersionLink } from './document-drawers.tsx';

type Line = { year: number | string; department: string; category: string; volume: number | string };

/** Documents de référence: what exclusions rest on, and how many dwellings each plans by year and category. */
export default function DocumentsPage() {
  const { t, day, word, number } = useWords();
  const { organisationId, organisationKind, today } = useActor();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [planning, setPlanning] = useState<ReferenceDocument | null>(null);
  const [drawer, setDrawer] = useState<{ document: ReferenceDocument; open: DocumentDrawer } | null>(null);
  const query = useQuery({ queryKey: ['base-documents', organisationId], queryFn: () => call(listBaseDocuments) });
  if (query.error) return <ProblemPage problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending) return <PageSkeleton />;
  const { items, can } = query.data;
  const done = () => {
    setAdding(false);
    setPlanning(null);
    client.invalidateQueries();
  };
  const isLandlord = organisationKind === 'landlord';
  const toReview = items.filter((row) => row.landlordId === organisationId && row.reviewOn && row.reviewOn <= today);
  const firstLine: Line = { year: yearOf(today), department: '93', category: 'sale', volume: '' };
  return (
    <Page
      title={t('base.documents-title', { count: items.filter(({ running }) => running).length })}
      context={t(isLandlord ? 'base.documents-context' : 'base.shared-documents-context')}
      actions={
        <>
          <BaseTabs />
          {can.manage && <Button onClick={() => setAdding(true)}>{t('base.add-document')}</Button>}
        </>
      }
    >
      <Crumbs
        title={t('base.documents')}
        {...(isLandlord ? { path: [{ label: t('nav.base'), link: <Link to="/assiette">{t('nav.base')}</Link> }] } : {})}
      />
      {toReview.length > 0 && (
        <Alert color="orange" mb="md" role="status">
          {t('base.reviews-due', { count: toReview.length, titles: toReview.map(({ title }) => title).join(', ') })}
        </Alert>
      )}
      <Panel flush>
        {items.length === 0 ? (
          <Empty title={t('base.no-documents')}>
            {t(isLandlord ? 'base.no-documents-hint' : 'base.no-shared-documents-hint')}
          </Empty>
        ) : (
          <PlainTable
            caption={t('base.documents-title', { count: items.length })}
            rows={items}
            rowKey={(row) => row.id}
            columns={[
              ...(isLandlord ? [] : [{ title: t('base.landlord'), render: (row: ReferenceDocument) => row.landlord }]),
              {
                title: t('base.document'),
                render: (row) => (
                  <>
                    <span className="strong">{row.title}</span>
                    <div className="dim">
                      {word('reference-document', row.kind)} · {row.number}
                    </div>
                  </>
                ),
              },
              { title: t('base.signatories'), render: (row) => row.signatories },
              { title: t('base.signed-on'), render: (row) => <span className="nowrap">{day(row.signedOn)}</span> },
              {
                title: t('base.period'),
                render: (row) => (
                  <>
                    <span className="nowrap">
                      {row.endsOn
                        ? t('base.between', { from: day(row.startsOn), until: day(row.endsOn) })
                        : t('base.since', { from: day(row.startsOn) })}
                    </span>{' '}
                    <Tag tone={row.running ? 'green' : 'neutral'}>
                      {t(row.running ? 'base.running' : 'base.not-running')}
                    </Tag>
                    {row.reviewOn && (
                      <div>
                        {row.reviewOn <= today ? (
                          <Tag tone="amber">{t('base.review-due', { on: day(row.reviewOn) })}</Tag>
                        ) : (
                          <span className="dim">{t('base.review-coming', { on: day(row.reviewOn) })}</span>
                        )}
                      </div>
                    )}
                  </>
                ),
              },
              {
                title: t('base.planned'),
                render: (row) =>
                  row.volumes.length === 0 ? (
                    <span className="dim">{t('base.nothing-planned')}</span>
                  ) : (
                    row.volumes.map((volume) => (
                      <div key={`${volume.year}${volume.department}${volume.category}`} className="nowrap">
                        {volume.year} · {volume.department} · {word('base-class', volume.category)}{' '}
                        <b>{number(volume.volume)}</b>
                      </div>
                    ))
                  ),
              },
              {
                title: t('base.files'),
                render: (row) => (
                  <>
                    {row.versions.length === 0 ? (
                      <span className="dim">{t('base.no-file')}</span>
                    ) : (
                      <VersionLink version={row.versions[0]!} />
                    )}
                    {row.landlordId === organisationId && (
                      <div className="dim">
                        {t('base.readers')} : {word('document-readers', row.sharedWith)}
                      </div>
                    )}
                  </>
                ),
              },
              ...(can.manage
                ? [
                    {
                      title: <span className="visually-hidden">{t('base.plan')}</span>,
                      align: 'right' as const,
                      render: (row: ReferenceDocument) =>
                        row.landlordId === organisationId && (
                          <Group gap={4} justify="flex-end">
                            {(['file', 'readers', ...(row.reviewOn ? ['review'] : [])] as DocumentDrawer[]).map(
                              (open) => (
                                <Button
                                  key={open}
                                  variant="subtle"
                                  size="compact-xs"
                                  onClick={() => setDrawer({ document: row, open })}
                                >
                                  {t(labelOf(open, row))}
                                </Button>
                              ),
                            )}
                            <Button variant="subtle" size="compact-xs" onClick={() => setPlanning(row)}>
                              {t('base.plan')}
                            </Button>
                          </Group>
                        ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Panel>
      <FormDrawer
        opened={adding}
        onClose={() => setAdding(false)}
        size={560}
        title={t('base.add-document')}
        submitLabel={t('base.save-document')}
        draft="document-de-reference"
        initial={{
          kind: 'sale-plan' as string,
          number: '',
          title: '',
          signatories: '',
          signedOn: '',
          startsOn: '',
          endsOn: '',
          note: '',
          reviewOn: '',
          sharedWith: 'nobody' as string,
          lines: [] as Line[],
        }}
        submit={({ lines, ...values }, key) =>
          call(recordBaseDocument, {
            key,
            body: {
              ...values,
              kind: values.kind as never,
              signedOn: values.signedOn,
              endsOn: values.endsOn || null,
              reviewOn: values.reviewOn || null,
              sharedWith: values.sharedWith as never,
              volumes: lines.map(volumeOf),
            },
          })
        }
        onDone={done}
      >
        {(form) => (
          <Stack gap="sm">
            <SimpleGrid cols={2}>
              <Select
                label={t('base.document-kind')}
                data={documentKind.options.map((value) => ({ value, label: word('reference-document', value) }))}
                allowDeselect={false}
                {...form.getInputProps('kind')}
              />
              <TextInput label={t('base.number')} required {...form.getInputProps('number')} />
            </SimpleGrid>
            <TextInput label={t('base.document-title')} required data-autofocus {...form.getInputProps('title')} />
            <TextInput label={t('base.signatories')} required {...form.getInputProps('signatories')} />
            <SimpleGrid cols={3}>
              <DayField label={t('base.signed-on')} required {...form.getInputProps('signedOn')} />
              <DayField label={t('base.from')} required {...form.getInputProps('startsOn')} />
              <DayField label={t('base.until')} {...form.getInputProps('endsOn')} />
            </SimpleGrid>
            <SimpleGrid cols={2}>
              <DayField
                label={t('base.review-on')}
                description={t('base.review-on-hint')}
                {...form.getInputProps('reviewOn')}
              />
              <Select
                label={t('base.readers')}
                description={t('base.readers-hint')}
                data={documentReaders.options.map((value) => ({ value, label: word('document-readers', value) }))}
                allowDeselect={false}
                {...form.getInputProps('sharedWith')}
              />
            </SimpleGrid>
            <Textarea label={t('base.note')} autosize minRows={2} {...form.getInputProps('note')} />
            <VolumeLines form={form} first={firstLine} />
          </Stack>
        )}
      </FormDrawer>
      <DocumentDrawers
        document={drawer?.document ?? null}
        open={drawer?.open ?? null}
        onClose={() => setDrawer(null)}
      />
      <FormDrawer
        opened={planning !== null}
        onClose={() => setPlanning(null)}
        size={560}
        title={t('base.plan-of', { title: planning?.title ?? '' })}
        submitLabel={t('base.save-volumes')}
        initial={{
          lines: (planning?.volumes.map(({ year, department, category, volume }) => ({
            year,
            department,
            category,
            volume,
          })) ?? [firstLine]) as Line[],
          reason: '',
        }}
        submit={({ lines, reason }, key) =>
          call(planDocumentVolumes, {
            params: { id: planning!.id },
            key,
            body: { volumes: lines.map(volumeOf), reason },
          })
        }
        onDone={done}
      >
        {(form) => (
          <Stack gap="sm">
            <p className="dim">{t('base.plan-hint')}</p>
            <VolumeLines form={form} first={firstLine} />
            <Textarea label={t('base.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
          </Stack>
        )}
      </FormDrawer>
    </Page>
  );
}

const labelOf = (open: DocumentDrawer, { versions }: ReferenceDocument): string => {
  if (open === 'review') return 'base.review';
  if (open === 'readers') return 'base.share';
  return versions.length === 0 ? 'base.add-file' : 'base.replace-file';
};

const volumeOf = ({ year, department, category, volume }: Line) => ({
  year: Number(year),
  department,
  category: category as 'sale',
  volume: Number(volume),
});

/** What a document plans: a line by year, département and category. */
function VolumeLines<Values extends { lines: Line[] }>({ form, first }: { form: Form<Values>; first: Line }) {
  const { t, word } = useWords();
  const { lines } = form.values;
  const field = (index: number, name: keyof Line) => form.getInputProps(`lines.${index}.${name}`);
  return (
    <fieldset className={classes.preview}>
      <legend>{t('base.planned')}</legend>
      {lines.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own
        <SimpleGrid key={index} cols={5} spacing="xs" style={{ gridTemplateColumns: '80px 64px 1fr 80px 30px' }}>
          <NumberInput aria-label={t('base.year')} hideControls min={2020} max={2100} {...field(index, 'year')} />
          <TextInput aria-label={t('base.department')} maxLength={3} {...field(index, 'department')} />
          <Select
            aria-label={t('base.class')}
            data={exclusionCategory.options.map((value) => ({ value, label: word('base-class', value) }))}
            allowDeselect={false}
            {...field(index, 'category')}
          />
          <NumberInput aria-label={t('base.volume')} hideControls min={0} {...field(index, 'volume')} />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('base.remove-line')}
            onClick={() => form.setFieldValue('lines', lines.filter((__, other) => other !== index) as never)}
          >
            ×
          </ActionIcon>
        </SimpleGrid>
      ))}
      <div>
        <QuietButton
          size="compact-xs"
          onClick={() => form.setFieldValue('lines', [...lines, { ...first, ...lines.at(-1), volume: '' }] as never)}
        >
          {t('base.add-line')}
        </QuietButton>
      </div>
    </fieldset>
  );
}
