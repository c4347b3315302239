import { Button, NumberInput, Select, Stack, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Figures, Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { getGuarantee, setGuarantee } from '../contract.ts';

export type Guarantee = NonNullable<ReplyOf<typeof getGuarantee>['guarantee']>;

/** « 25 % des baux », « 12 baux »: what is guaranteed, in words. */
export function useMinimumWords(): (guarantee: Pick<Guarantee, 'kind' | 'minimum' | 'beneficiaries'>) => string {
  const { t, rate, number, word } = useWords();
  return ({ kind, minimum, beneficiaries }) =>
    t(`guarantee.minimum-${kind}`, {
      value: kind === 'share' ? rate(minimum) : number(minimum),
      who: word('beneficiaries', beneficiaries),
    });
}

/** The beneficiaries an agreement guarantees to rehouse and how far it does: nothing unless it was agreed. */
export function GuaranteePanel({ agreementId }: { agreementId: string }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [setting, setSetting] = useState(false);
  const query = useQuery({
    queryKey: ['guarantee', agreementId],
    queryFn: () => call(getGuarantee, { params: { id: agreementId } }),
  });
  if (query.error) return <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />;
  if (query.isPending || (!query.data.guarantee && !query.data.can.set)) return null;
  const { guarantee, can } = query.data;
  return (
    <>
      <Panel
        title={t('guarantee.title')}
        aside={
          can.set && (
            <Button size="xs" variant="default" onClick={() => setSetting(true)}>
              {t(guarantee ? 'guarantee.change' : 'guarantee.set')}
            </Button>
          )
        }
      >
        {guarantee ? <Measured guarantee={guarantee} /> : <p className="dim">{t('guarantee.none-hint')}</p>}
      </Panel>
      <GuaranteeForm
        agreementId={agreementId}
        guarantee={guarantee}
        opened={setting}
        onClose={() => setSetting(false)}
        onDone={() => {
          setSetting(false);
          client.invalidateQueries();
        }}
      />
    </>
  );
}

function Measured({ guarantee }: { guarantee: Guarantee }) {
  const { t, number, rate, day } = useWords();
  const minimum = useMinimumWords();
  return (
    <>
      <Figures
        figures={[
          { value: number(guarantee.leases), label: t('guarantee.leases') },
          {
            value: number(guarantee.housed),
            label: (
              <>
                {t('guarantee.housed')} <Why steps={guarantee.steps as Step[]}>?</Why>
              </>
            ),
          },
          { value: guarantee.attained === null ? '–' : rate(guarantee.attained), label: t('guarantee.attained') },
          {
            value: `${number(guarantee.projected)} / ${number(guarantee.required)}`,
            label: t('guarantee.projected'),
          },
        ]}
      />
      <p style={{ marginTop: 12 }}>
        {minimum(guarantee)}{' '}
        <Tag tone={guarantee.isShort ? 'red' : 'green'}>
          {t(guarantee.isShort ? 'guarantee.short' : 'guarantee.kept')}
        </Tag>
      </p>
      <p className="dim">
        {t('guarantee.since', { day: day(guarantee.fromDay) })} · {guarantee.note}
        {guarantee.unknown > 0 && <> · {t('guarantee.unknown', { count: guarantee.unknown })}</>}
      </p>
      <p className="dim">{t('guarantee.counts-nothing')}</p>
    </>
  );
}

function GuaranteeForm({
  agreementId,
  guarantee,
  ...rest
}: {
  agreementId: string;
  guarantee: Guarantee | null;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const { today } = useActor();
  const kinds = guarantee ? (['share', 'count', 'none'] as const) : (['share', 'count'] as const);
  return (
    <FormDrawer
      {...rest}
      title={t(guarantee ? 'guarantee.change' : 'guarantee.set')}
      submitLabel={t('guarantee.save')}
      initial={{
        beneficiaries: guarantee?.beneficiaries ?? 'employees',
        kind: (guarantee?.kind ?? 'share') as 'share' | 'count' | 'none',
        value: (guarantee ? Number(guarantee.minimum) * (guarantee.kind === 'share' ? 100 : 1) : 50) as number | string,
        from: `${today.slice(0, 4)}-01-01`,
        note: '',
      }}
      submit={(values, key) =>
        call(setGuarantee, {
          key,
          params: { id: agreementId },
          body: {
            beneficiaries: values.beneficiaries,
            minimum:
              values.kind === 'none'
                ? null
                : {
                    kind: values.kind,
                    value: values.kind === 'share' ? String(Number(values.value) / 100) : String(values.value),
                  },
            from: values.from,
            note: values.note,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('guarantee.hint')}</p>
          <Select
            label={t('guarantee.beneficiaries')}
            data={(['employees', 'priority'] as const).map((value) => ({ value, label: word('beneficiaries', value) }))}
            allowDeselect={false}
            {...form.getInputProps('beneficiaries')}
          />
          <Select
            label={t('guarantee.kind')}
            data={kinds.map((value) => ({ value, label: word('guarantee-kind', value) }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          {form.values.kind !== 'none' && (
            <NumberInput
              label={t('guarantee.value')}
              suffix={form.values.kind === 'share' ? ' %' : ''}
              min={1}
              max={form.values.kind === 'share' ? 100 : 9999}
              required
              {...form.getInputProps('value')}
            />
          )}
          <DayField label={t('points.from')} required {...form.getInputProps('from')} />
          <Textarea
            label={t('guarantee.note')}
            description={t('guarantee.note-hint')}
            required
            autosize
            minRows={2}
            maxLength={500}
            {...form.getInputProps('note')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}
