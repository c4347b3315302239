import { Checkbox, MultiSelect, Select, Stack } from '@mantine/core';
import { addDays, isLocalDate } from '../../../../kernel/local-date.ts';
import { DayField, PercentField } from '../../../../ui/fields.tsx';
import type { Form } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { PhaseOut } from '../contract.ts';
import type { PhaseInput } from '../rules/phases.ts';

export const modes = ['mixed', 'attributions', 'proposals'] as const;
const scopes = ['agreement', 'department', 'municipality'] as const;
const bases = ['lease-signed', 'committee-decision'] as const;
const exchanges = ['owner', 'receiver', 'none'] as const;
const returnReasons = ['unsuitable', 'no-candidate', 'declined', 'other'] as const;

/** A phase as it is typed: percentages, and empty days. */
export type PhaseValues = {
  from: string;
  to: string;
  mode: PhaseOut['mode'];
  wp: number | string;
  cap: number | string;
  capScope: PhaseOut['capScope'];
  basis: PhaseOut['basis'];
  reviewOn: string;
  countReofferAfterRefusal: boolean;
  countExpired: boolean;
  countWithdrawnByLandlord: boolean;
  countReturnedByHolder: boolean;
  uncountedReturns: string[];
  keepAfterCandidateRefusal: boolean;
  exchangeCounts: PhaseOut['exchangeCounts'];
  carryPending: boolean;
};

/** The defaults of § 4.2: all of them are choices, none is law. */
export const newPhase = (from: string, mode: PhaseOut['mode'] = 'mixed'): PhaseValues => ({
  from,
  to: '',
  mode,
  wp: 30,
  cap: 100,
  capScope: 'agreement',
  basis: 'lease-signed',
  reviewOn: '',
  countReofferAfterRefusal: false,
  countExpired: true,
  countWithdrawnByLandlord: false,
  countReturnedByHolder: true,
  uncountedReturns: [],
  keepAfterCandidateRefusal: false,
  exchangeCounts: 'owner',
  carryPending: false,
});

/** The day after a phase, for the one that follows. */
export const dayAfter = ({ to }: PhaseValues): string => (isLocalDate(to) ? addDays(to, 1) : '');

/** What is typed, as the rule wants it. */
export function phaseOf({ wp, cap, to, reviewOn, ...phase }: PhaseValues): PhaseInput {
  return {
    ...phase,
    from: phase.from as PhaseInput['from'],
    to: (to || null) as PhaseInput['to'],
    wp: hundredths(Number(wp)),
    wa: hundredths(100 - Number(wp)),
    capRatio: hundredths(Number(cap)),
    reviewOn: (reviewOn || null) as PhaseInput['reviewOn'],
  };
}

/** 30 → '0.30'. */
const hundredths = (percent: number): string =>
  percent === 100 ? '1' : `0.${String(Math.round(percent)).padStart(2, '0')}`;

/** One phase of a rule: what counts, how much, and what becomes of refusals, returns and exchanges. */
export function PhaseFields<Values extends { phases: PhaseValues[] }>({
  form,
  index,
  isLast,
}: {
  form: Form<Values>;
  index: number;
  isLast: boolean;
}) {
  const { t, word } = useWords();
  const phase = form.values.phases[index]!;
  const field = (name: keyof PhaseValues, type: 'input' | 'checkbox' = 'input') =>
    form.getInputProps(`phases.${index}.${name}`, { type });
  const choices = (list: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: word(list, value) }));
  return (
    <Stack gap="sm">
      <DayField label={t('points.from')} required {...field('from')} />
      <DayField
        label={t('points.to')}
        description={isLast ? t('points.to-hint') : undefined}
        required={!isLast}
        {...field('to')}
      />
      <Select
        label={t('points.mode')}
        data={choices('counting-mode', modes)}
        allowDeselect={false}
        {...field('mode')}
      />
      {phase.mode === 'mixed' && (
        <>
          <PercentField
            label={t('points.wp')}
            description={Number(phase.wp) >= 50 ? t('points.warning-cap') : undefined}
            {...field('wp')}
          />
          <PercentField label={t('points.cap')} {...field('cap')} />
          <Select
            label={t('points.cap-scope')}
            data={choices('cap-scope', scopes)}
            allowDeselect={false}
            {...field('capScope')}
          />
        </>
      )}
      {phase.mode !== 'proposals' && (
        <Select
          label={t('points.basis')}
          data={choices('counting-basis', bases)}
          allowDeselect={false}
          {...field('basis')}
        />
      )}
      <DayField label={t('points.reviewed')} {...field('reviewOn')} />
      <details>
        <summary>{t('points.policies')}</summary>
        <Stack gap="sm" mt="sm">
          {phase.mode !== 'attributions' && (
            <>
              <Checkbox label={t('points.count-reoffer')} {...field('countReofferAfterRefusal', 'checkbox')} />
              <Checkbox label={t('points.count-expired')} {...field('countExpired', 'checkbox')} />
              <Checkbox label={t('points.count-withdrawn')} {...field('countWithdrawnByLandlord', 'checkbox')} />
              <Checkbox label={t('points.count-returned')} {...field('countReturnedByHolder', 'checkbox')} />
              {phase.countReturnedByHolder && (
                <MultiSelect
                  label={t('points.uncounted-returns')}
                  data={choices('return-reason', returnReasons)}
                  {...field('uncountedReturns')}
                />
              )}
            </>
          )}
          {phase.mode === 'mixed' && (
            <Checkbox label={t('points.carry-pending')} {...field('carryPending', 'checkbox')} />
          )}
          {phase.mode !== 'proposals' && phase.basis === 'committee-decision' && (
            <Checkbox label={t('points.keep-after-refusal')} {...field('keepAfterCandidateRefusal', 'checkbox')} />
          )}
          {phase.mode !== 'proposals' && (
            <Select
              label={t('points.exchange')}
              data={choices('exchange-counts', exchanges)}
              allowDeselect={false}
              {...field('exchangeCounts')}
            />
          )}
        </Stack>
      </details>
    </Stack>
  );
}
