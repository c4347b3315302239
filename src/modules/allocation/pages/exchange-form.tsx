import { Select, Stack, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { FormDrawer } from '../../../ui/form.tsx';
import { ProblemAlert } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import { listAgreements } from '../../flow/contract.ts';
import { exchangeDwelling } from '../contract.ts';
import type { Vacancy } from './vacancy-page.tsx';

/** Bourse d'échange: which other holder's candidate the dwelling goes to, or that it does not any more. */
export function ExchangeForm({
  vacancy,
  ...rest
}: {
  vacancy: Vacancy;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const { today } = useActor();
  const isExchanged = vacancy.exchange !== null;
  const agreements = useQuery({
    queryKey: ['agreements'],
    queryFn: () => call(listAgreements),
    enabled: rest.opened && !isExchanged,
  });
  const others = (agreements.data?.items ?? []).filter(
    ({ holder, startsOn, endsOn }) =>
      holder !== vacancy.proposal?.holder && startsOn <= today && (endsOn === null || endsOn >= today),
  );
  return (
    <FormDrawer
      {...rest}
      danger={isExchanged}
      title={t(isExchanged ? 'exchange.take-back' : 'exchange.record')}
      submitLabel={t(isExchanged ? 'exchange.take-back' : 'exchange.record')}
      initial={{ agreementId: '', note: '' }}
      submit={(values) =>
        call(exchangeDwelling, {
          params: { id: vacancy.id },
          body: {
            agreementId: isExchanged ? null : values.agreementId,
            note: values.note,
            version: vacancy.version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">
            {isExchanged
              ? t('exchange.take-back-hint', { name: vacancy.exchange!.receiver })
              : t('exchange.hint', { name: vacancy.proposal?.holder ?? '' })}
          </p>
          {!isExchanged && (
            <>
              <ProblemAlert problem={agreements.error} />
              <Select
                label={t('exchange.receiver')}
                data={others.map(({ id, holder, perimeterName, contingent }) => ({
                  value: id,
                  label: `${holder} · ${perimeterName} · ${word('contingent', contingent)}`,
                }))}
                required
                searchable
                allowDeselect={false}
                nothingFoundMessage={t('exchange.nobody')}
                {...form.getInputProps('agreementId')}
              />
            </>
          )}
          <Textarea
            label={t(isExchanged ? 'vacancies.reason' : 'exchange.note')}
            description={isExchanged ? undefined : t('exchange.note-hint')}
            autosize
            minRows={2}
            maxLength={500}
            required
            {...form.getInputProps('note')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}
