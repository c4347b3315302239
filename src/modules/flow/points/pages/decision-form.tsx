import { Textarea } from '@mantine/core';
import { call } from '../../../../ui/api.ts';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { decideCountingRule, type PhaseOut } from '../contract.ts';
import { PhaseLines } from './phase-lines.tsx';

type Deciding = {
  rule: { id: string; phases: PhaseOut[]; warnings: { from: string }[]; note: string };
  decision: 'approved' | 'refused';
};

/** What a party answers to a proposed rule, the rule before its eyes. */
export function DecisionForm({
  deciding,
  onClose,
  onDone,
}: {
  deciding: Deciding | null;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  const refuses = deciding?.decision === 'refused';
  const label = t(refuses ? 'points.refuse' : 'points.approve');
  return (
    <FormDrawer
      opened={deciding !== null}
      onClose={onClose}
      onDone={onDone}
      title={label}
      submitLabel={label}
      danger={refuses}
      initial={{ reason: '' }}
      submit={({ reason }, key) =>
        call(decideCountingRule, {
          key,
          params: { id: deciding!.rule.id },
          body: { decision: deciding!.decision, reason: reason || null },
        })
      }
    >
      {(form) =>
        deciding && (
          <>
            <PhaseLines phases={deciding.rule.phases} warnings={deciding.rule.warnings} />
            <p className="dim" style={{ margin: '12px 0' }}>
              {deciding.rule.note}
            </p>
            {refuses && (
              <Textarea
                label={t('points.refuse-reason')}
                required
                autosize
                minRows={2}
                maxLength={500}
                {...form.getInputProps('reason')}
              />
            )}
          </>
        )
      }
    </FormDrawer>
  );
}
