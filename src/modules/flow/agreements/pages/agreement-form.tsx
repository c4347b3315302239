import { Checkbox, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../../ui/api.ts';
import { DayField, PercentField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listMunicipalities, listPartners } from '../../../organisations/contract.ts';
import {
  type Agreement,
  type AgreementRecord,
  basis,
  changeAgreement,
  contingent,
  createAgreement,
  getUsualTerms,
  ifNoneProposed,
  listCommitments,
  nominationMode,
  type Terms,
} from '../contract.ts';
import { perimeterScaleOf, scaleOf } from '../rules/perimeter.ts';
import { CapsPanel } from './caps-panel.tsx';

type Contingent = Agreement['contingent'];

/** What a reservation of a contingent usually answers. */
const usualBasis: Record<Contingent, Terms['basis']> = {
  'state-priority': 'legal',
  'state-staff': 'legal',
  municipality: 'guarantee',
  intermunicipality: 'guarantee',
  'action-logement': 'funding',
  department: 'guarantee',
  region: 'guarantee',
  other: null,
};

export type AgreementFormKind = 'draft' | 'signed' | { change: AgreementRecord };

/** Writes a draft, records what was signed on paper, or changes what is not signed; the caps are checked as one types. */
export function AgreementForm({
  kind,
  onClose,
  onDone,
}: {
  kind: AgreementFormKind | null;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const opened = kind !== null;
  const partners = useQuery({ queryKey: ['partners'], queryFn: () => call(listPartners), enabled: opened });
  const municipalities = useQuery({
    queryKey: ['municipalities'],
    queryFn: () => call(listMunicipalities),
    enabled: opened,
  });
  const usual = useQuery({ queryKey: ['usual-terms'], queryFn: () => call(getUsualTerms), enabled: opened });
  const promised = useQuery({ queryKey: ['commitments'], queryFn: () => call(listCommitments), enabled: opened });
  const places = municipalities.data?.items ?? [];
  const perimeters = (scale: Agreement['scale']) => {
    if (scale === 'municipality')
      return places.map(({ code, nameFr, department }) => ({ value: code, label: `${nameFr} (${department})` }));
    if (scale === 'territory')
      return (promised.data?.territories ?? []).map(({ code, name, departments: within }) => ({
        value: code,
        label: `${name} (${within.join(', ')})`,
      }));
    return departments;
  };
  const departments = [...new Set(places.map(({ department }) => department))].filter((code) => code !== null).sort();
  const changed = kind !== null && typeof kind === 'object' ? kind.change : null;
  const words = changed ? 'change' : kind === 'draft' ? 'draft' : 'add';
  const saveWords = { change: 'save-change', draft: 'save-draft', add: 'save' }[words];
  // An EPT or EPCI has an agreement where the region chose its scale (F-30).
  const contingents = contingent.options.filter(
    (value) =>
      scaleOf(value) !== 'territory' ||
      usual.data?.contractualScale === 'territory' ||
      value === changed?.agreement.contingent,
  );
  const holders = partners.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <FormDrawer
      opened={opened && usual.data !== undefined}
      onClose={onClose}
      onDone={onDone}
      size={620}
      title={t(`agreements.${words}`)}
      submitLabel={t(`agreements.${saveWords}`)}
      {...(changed ? { version: changed.version } : { draft: `flow.agreement.${kind}` })}
      initial={initialOf(changed, usual.data?.nominationMode)}
      submit={async (values, key, version) => {
        const terms = {
          reference: values.reference,
          holderId: values.holderId ?? '',
          contingent: values.contingent,
          scale: scaleOf(values.contingent),
          perimeterCode: values.perimeterCode ?? '',
          share: shareOf(values.percent),
          nominationDays: values.nominationDays === '' ? null : Number(values.nominationDays),
          nominationMode: values.nominationMode,
          ifNoneProposed: values.ifNoneProposed,
          proposalTerms: values.proposalTerms || null,
          basis: values.basis,
          agreedOtherwise: values.agreedOtherwise,
          startsOn: values.startsOn,
          endsOn: values.endsOn || null,
        };
        if (changed) {
          await call(changeAgreement, { key, params: { id: changed.agreement.id }, body: { ...terms, version } });
          return;
        }
        await call(createAgreement, {
          key,
          body: {
            ...terms,
            state: kind === 'draft' ? 'draft' : 'signed',
            signedOn: values.signedOn || null,
            landlordSignatory: values.landlordSignatory || null,
            holderSignatory: values.holderSignatory || null,
          },
        });
      }}
    >
      {(form) => {
        const { values } = form;
        // The State counts by municipality over a département it shares; a municipality, an EPT or EPCI has its own.
        const perimeter = perimeterScaleOf(values.contingent);
        const ofState = values.contingent.startsWith('state');
        return (
          <Stack gap="sm">
            <p className="dim">{t(`agreements.${hintOf(kind)}`)}</p>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput
                label={t('agreements.reference')}
                required
                data-autofocus
                {...form.getInputProps('reference')}
              />
              <Select
                label={t('agreements.holder')}
                data={holders}
                nothingFoundMessage={t('agreements.no-partner')}
                searchable
                required
                {...form.getInputProps('holderId')}
              />
              <Select
                label={t('agreements.contingent')}
                data={contingents.map((value) => ({ value, label: word('contingent', value) }))}
                allowDeselect={false}
                {...form.getInputProps('contingent')}
                onChange={(next) =>
                  form.setValues({
                    contingent: next as Contingent,
                    perimeterCode: null,
                    basis: usualBasis[next as Contingent],
                  })
                }
              />
              <Select
                key={perimeter}
                label={t(`agreements.perimeter-${perimeter}`)}
                data={perimeters(perimeter)}
                limit={60}
                searchable
                required
                {...form.getInputProps('perimeterCode')}
              />
              <PercentField
                label={t('agreements.share')}
                description={t('agreements.share-hint')}
                required
                {...form.getInputProps('percent')}
                error={form.errors.share}
              />
              <Select
                label={t('agreements.basis')}
                description={t('agreements.basis-hint')}
                data={basis.options.map((value) => ({ value, label: word('agreement-basis', value) }))}
                placeholder={t('agreements.basis-unknown')}
                clearable
                {...form.getInputProps('basis')}
              />
              <DayField label={t('agreements.starts')} required {...form.getInputProps('startsOn')} />
              <DayField label={t('agreements.ends')} {...form.getInputProps('endsOn')} />
            </SimpleGrid>
            <CapsPanel
              typed={{
                id: changed?.agreement.id ?? 'typed',
                holder: holders.find(({ value }) => value === values.holderId)?.label ?? '',
                contingent: values.contingent,
                basis: values.basis,
                perimeterCode: values.perimeterCode,
                agreedOtherwise: values.agreedOtherwise,
                share: shareOf(values.percent),
                from: values.startsOn,
                until: values.endsOn,
              }}
            />
            {ofState && (
              <Checkbox
                label={t('agreements.agreed-otherwise')}
                description={t('agreements.agreed-otherwise-hint')}
                {...form.getInputProps('agreedOtherwise', { type: 'checkbox' })}
              />
            )}
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NumberInput
                label={t('agreements.nomination-days')}
                description={t('agreements.nomination-days-hint')}
                min={1}
                max={90}
                hideControls
                {...form.getInputProps('nominationDays')}
              />
              <Select
                label={t('agreements.if-none')}
                description={t('agreements.if-none-hint')}
                data={ifNoneProposed.options.map((value) => ({ value, label: word('if-none-proposed', value) }))}
                allowDeselect={false}
                {...form.getInputProps('ifNoneProposed')}
              />
            </SimpleGrid>
            <Select
              label={t('agreements.nomination-mode')}
              description={t('agreements.nomination-mode-hint')}
              data={nominationMode.options.map((value) => ({ value, label: word('nomination-mode', value) }))}
              allowDeselect={false}
              {...form.getInputProps('nominationMode')}
            />
            <Textarea
              label={t('agreements.proposal-terms')}
              description={t('agreements.proposal-terms-hint')}
              autosize
              minRows={2}
              {...form.getInputProps('proposalTerms')}
            />
            {kind === 'signed' && (
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <DayField
                  label={t('agreements.signed-on')}
                  description={t('agreements.signed-on-hint')}
                  {...form.getInputProps('signedOn')}
                />
                <TextInput label={t('agreements.landlord-signatory')} {...form.getInputProps('landlordSignatory')} />
                <TextInput label={t('agreements.holder-signatory')} {...form.getInputProps('holderSignatory')} />
              </SimpleGrid>
            )}
          </Stack>
        );
      }}
    </FormDrawer>
  );
}

const initialOf = (changed: AgreementRecord | null, usualMode: Terms['nominationMode'] = 'direct') => {
  const version = changed?.versions[0];
  return {
    reference: changed?.agreement.reference ?? '',
    holderId: (changed?.agreement.holderId ?? null) as string | null,
    contingent: (changed?.agreement.contingent ?? 'municipality') as Contingent,
    perimeterCode: (changed?.agreement.perimeterCode ?? null) as string | null,
    percent: (version ? Number(version.share) * 100 : '') as number | string,
    nominationDays: (version?.nominationDays ?? '') as number | string,
    nominationMode: (version?.nominationMode ?? usualMode) as Terms['nominationMode'],
    ifNoneProposed: (version?.ifNoneProposed ?? 'landlord') as Terms['ifNoneProposed'],
    proposalTerms: changed?.proposalTerms ?? '',
    basis: (changed ? changed.basis : 'guarantee') as Terms['basis'],
    agreedOtherwise: changed?.agreedOtherwise ?? false,
    startsOn: changed?.agreement.startsOn ?? '',
    endsOn: changed?.agreement.endsOn ?? '',
    signedOn: '',
    landlordSignatory: '',
    holderSignatory: '',
  };
};

/** Who sees what is being written. */
const hintOf = (kind: AgreementFormKind | null): string =>
  kind !== null && typeof kind === 'object' && kind.change.agreement.state !== 'draft'
    ? 'change-hint'
    : kind === 'signed'
      ? 'add-hint'
      : 'draft-hint';

/** 27 (per cent) → '0.27', exact to the four decimals one may type. */
export const shareOf = (percent: number | string): string =>
  percent === '' ? '' : Number(percent) === 100 ? '1' : (Number(percent) / 100).toFixed(6).replace(/0+$/, '');
