import { Checkbox, MultiSelect, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { BodyInputOf, ReplyOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { type Form, FormDrawer } from '../../../../ui/form.tsx';
import { Scrolled } from '../../../../ui/scrolled.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listMunicipalities } from '../../../organisations/contract.ts';
import {
  applyBaseRule,
  baseClass,
  listBaseBuildings,
  listBaseDocuments,
  previewBaseRule,
  retainedService,
} from '../contract.ts';
import { legalCategories } from '../rules/categories.ts';
import classes from './base-page.module.css';
import { ClassTag } from './class-tag.tsx';
import { DocumentSelect } from './dwelling-class.tsx';

type Values = {
  name: string;
  position: number | string;
  baseClass: string;
  service: string | null;
  documentId: string | null;
  reason: string;
  startsOn: string;
  endsOn: string;
  buildingIds: string[];
  municipalityCodes: string[];
  fundings: string[];
  enteredFrom: string;
  inPriorityArea: boolean;
};
type Preview = { of: string; found: ReplyOf<typeof previewBaseRule> };

/** A rule: first what it would change is shown, then it is applied to as many dwellings as were shown. */
export function RuleForm(props: { opened: boolean; onClose(): void; onDone(): void }) {
  const { t } = useWords();
  const { today } = useActor();
  const [preview, setPreview] = useState<Preview | null>(null);
  return (
    <FormDrawer<Values, ReplyOf<typeof previewBaseRule> | { id: string; changed: number }>
      opened={props.opened}
      onClose={() => {
        setPreview(null);
        props.onClose();
      }}
      size={560}
      title={t('base.new-rule')}
      submitLabel={preview ? t('base.apply-rule', { count: preview.found.changed }) : t('base.preview-rule')}
      initial={{
        name: '',
        position: 10,
        baseClass: 'sale',
        service: null,
        documentId: null,
        reason: '',
        startsOn: today,
        endsOn: '',
        buildingIds: [],
        municipalityCodes: [],
        fundings: [],
        enteredFrom: '',
        inPriorityArea: false,
      }}
      submit={async (values, key) => {
        const body = bodyOf(values);
        if (preview?.of === JSON.stringify(values)) return call(applyBaseRule, { key, body });
        const found = await call(previewBaseRule, { body });
        setPreview({ of: JSON.stringify(values), found });
        return found;
      }}
      onDone={(result) => {
        if (!('id' in result)) return;
        setPreview(null);
        props.onDone();
      }}
    >
      {(form) => (
        <RuleFields form={form} onChange={(of) => setPreview((now) => (now && now.of !== of ? null : now))}>
          {preview && <PreviewOfRule found={preview.found} />}
        </RuleFields>
      )}
    </FormDrawer>
  );
}

const bodyOf = (values: Values): BodyInputOf<typeof applyBaseRule> => ({
  name: values.name,
  position: Number(values.position),
  baseClass: values.baseClass as never,
  service: values.baseClass === 'retained-stock' ? (values.service as never) : null,
  documentId: values.documentId,
  reason: values.reason,
  startsOn: values.startsOn,
  endsOn: values.endsOn || null,
  buildingIds: values.buildingIds.length > 0 ? values.buildingIds : null,
  municipalityCodes: values.municipalityCodes.length > 0 ? values.municipalityCodes : null,
  fundings: values.fundings.length > 0 ? (values.fundings as never) : null,
  managements: null,
  programmes: null,
  enteredFrom: values.enteredFrom || null,
  enteredUntil: null,
  inPriorityArea: values.inPriorityArea ? true : null,
});

function RuleFields({
  form,
  onChange,
  children,
}: {
  form: Form<Values>;
  onChange(of: string): void;
  children: ReactNode;
}) {
  const { t, word } = useWords();
  const { organisationId } = useActor();
  const buildings = useQuery({ queryKey: ['base-buildings', organisationId], queryFn: () => call(listBaseBuildings) });
  const documents = useQuery({ queryKey: ['base-documents'], queryFn: () => call(listBaseDocuments) });
  const municipalities = useQuery({
    queryKey: ['municipalities', organisationId],
    queryFn: () => call(listMunicipalities),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const of = JSON.stringify(form.values);
  // What was previewed is no longer what would be applied.
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each change of what is typed
  useEffect(() => onChange(of), [of]);
  const departments = new Set(buildings.data?.items.map(({ department }) => department));
  return (
    <Stack gap="sm">
      <p className="dim">{t('base.rule-hint')}</p>
      <TextInput label={t('base.rule-name')} required data-autofocus {...form.getInputProps('name')} />
      <SimpleGrid cols={2}>
        <Select
          label={t('base.class')}
          data={baseClass.options.map((value) => ({ value, label: word('base-class', value) }))}
          allowDeselect={false}
          {...form.getInputProps('baseClass')}
        />
        <NumberInput
          label={t('base.position')}
          description={t('base.position-hint')}
          min={1}
          max={9_999}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...form.getInputProps('position')}
        />
      </SimpleGrid>
      {!(legalCategories as readonly string[]).includes(form.values.baseClass) &&
        ['demolition', 'intermediated', 'unregulated'].includes(form.values.baseClass) && (
          <p className="dim">{t('base.optional-hint')}</p>
        )}
      {form.values.baseClass === 'retained-stock' && (
        <Select
          label={t('base.service')}
          required
          data={retainedService.options.map((value) => ({ value, label: word('retained-service', value) }))}
          {...form.getInputProps('service')}
        />
      )}
      <MultiSelect
        label={t('base.buildings')}
        placeholder={form.values.buildingIds.length === 0 ? t('base.all') : undefined}
        data={(buildings.data?.items ?? []).map((item) => ({
          value: item.id,
          label: `${item.name}, ${item.municipality} (${item.dwellings})`,
        }))}
        limit={60}
        searchable
        clearable
        {...form.getInputProps('buildingIds')}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <MultiSelect
          label={t('base.municipality')}
          placeholder={form.values.municipalityCodes.length === 0 ? t('base.all') : undefined}
          data={(municipalities.data?.items ?? [])
            .filter(({ department }) => departments.has(department))
            .map((item) => ({ value: item.code, label: item.nameFr }))}
          limit={60}
          searchable
          clearable
          {...form.getInputProps('municipalityCodes')}
        />
        <MultiSelect
          label={t('base.funding')}
          placeholder={form.values.fundings.length === 0 ? t('base.all') : undefined}
          data={['PLAI', 'PLUS', 'PLS', 'PLI']}
          clearable
          {...form.getInputProps('fundings')}
        />
        <DayField label={t('base.entered-from')} {...form.getInputProps('enteredFrom')} />
        <Checkbox
          mt={28}
          label={t('base.only-priority-area')}
          {...form.getInputProps('inPriorityArea', { type: 'checkbox' })}
        />
      </SimpleGrid>
      <Textarea label={t('base.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
      <DocumentSelect documents={documents.data?.items ?? []} {...form.getInputProps('documentId')} />
      <SimpleGrid cols={2}>
        <DayField label={t('base.from')} required {...form.getInputProps('startsOn')} />
        <DayField label={t('base.until')} {...form.getInputProps('endsOn')} />
      </SimpleGrid>
      {children}
    </Stack>
  );
}

/** How many dwellings a rule covers, how many change class, which. */
function PreviewOfRule({ found }: { found: ReplyOf<typeof previewBaseRule> }) {
  const { t, word } = useWords();
  return (
    <section className={classes.preview} aria-live="polite">
      <strong>{t('base.preview', { covered: found.covered, changed: found.changed })}</strong>
      {found.changes.map(({ before, after, dwellings }) => (
        <div key={`${before} ${after}`}>
          {t('base.from-to', { before: word('base-class', before), after: word('base-class', after) })}{' '}
          <span className="dim">{t('base.dwellings', { count: dwellings })}</span>
        </div>
      ))}
      {found.sample.length > 0 && (
        <Scrolled label={t('base.preview-list')} className={classes.scroll}>
          <table>
            <caption className="visually-hidden">{t('base.preview-list')}</caption>
            <tbody>
              {found.sample.map((row) => (
                <tr key={row.id}>
                  <td>
                    {row.address}, {row.municipality}
                    <div className="dim">{row.reference}</div>
                  </td>
                  <td>
                    <ClassTag baseClass={row.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
      {found.changed > found.sample.length && (
        <p className="dim">{t('base.preview-more', { count: found.changed - found.sample.length })}</p>
      )}
    </section>
  );
}
