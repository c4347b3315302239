import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Step } from '../../../kernel/steps.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField } from '../../../ui/fields.tsx';
import { fieldErrors } from '../../../ui/form.tsx';
import { Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { decide, fewerThanThree } from '../contract.ts';
import {
  type DecisionKind,
  type DerogationKind,
  decisionKinds,
  derogationKinds,
  isPlaced,
  passedOver,
} from '../rules/committee.ts';
import classes from './agenda-item.module.css';
import { CandidateName, CandidateTag } from './candidates-panel.tsx';
import { sizeOf } from './dwelling-size.ts';
import type { CommitteeSession } from './session-page.tsx';

type Item = CommitteeSession['agenda'][number];
type Choice = { kind: DecisionKind; rank: number | null; reason: string; condition: string; conditionDueOn: string };

/** One vacancy before the committee: its candidates in order, a decision for each, and why some are passed over. */
export function AgendaItem({
  session,
  item,
  onDone,
  onRemove,
}: {
  session: CommitteeSession;
  item: Item;
  onDone(): void;
  onRemove?: (() => void) | undefined;
}) {
  const words = useWords();
  const { t, word, day, cents } = words;
  const { jurisdiction } = useActor();
  const deciding = session.can.decide && item.state === 'pending';
  const [choices, setChoices] = useState<Record<string, Choice>>(() => proposed(item));
  const [exception, setException] = useState<string | null>(null);
  const [derogations, setDerogations] = useState<Record<string, { kind: DerogationKind; reason: string }>>({});
  const decisions = item.candidates.map((candidate) => ({ candidateId: candidate.id, ...choices[candidate.id]! }));
  const committee = item.candidates.map((candidate) => ({
    id: candidate.id,
    fileNumber: candidate.fileNumber ?? '',
    registerRank: candidate.registerRank,
    priorityGroup: candidate.priorityGroup,
  }));
  // The server's own rule: what it would refuse is asked for here.
  const passed = deciding ? passedOver(committee, decisions) : [];
  const save = useMutation({
    mutationFn: () =>
      call(decide, {
        params: { id: session.id, itemId: item.id },
        body: {
          fewerThanThree: (exception as 'dalo' | null) ?? null,
          decisions: decisions.map((decision) => ({
            candidateId: decision.candidateId,
            kind: decision.kind,
            rank: decision.rank,
            condition: decision.condition || null,
            conditionDueOn: (decision.conditionDueOn || null) as LocalDate | null,
            reason: decision.reason || null,
          })),
          derogations: passed.map((candidate) => ({
            passedCandidateId: candidate.id,
            kind: derogations[candidate.id]?.kind ?? 'other',
            reason: derogations[candidate.id]?.reason ?? '',
          })),
          version: item.version,
        },
      }),
    onSuccess: onDone,
  });
  const errors = fieldErrors(save.error);
  const change = (id: string, patch: Partial<Choice>) =>
    setChoices((current) => reranked({ ...current, [id]: { ...current[id]!, ...patch } }, id));
  const placed = decisions.filter(({ kind }) => isPlaced(kind)).length;

  return (
    <Panel
      title={
        <Link to="/liberations/$id" params={{ id: item.vacancyId }} className={classes.title}>
          {item.address}, {item.municipality}
        </Link>
      }
      aside={[
        sizeOf(item, t),
        item.funding,
        cents(item.rentCents),
        t('sessions.free-after', { on: day(item.freeOn) }),
        item.holder,
      ]
        .filter(Boolean)
        .join(' · ')}
      flush
    >
      <ol className={classes.candidates}>
        {item.candidates.map((candidate) => {
          const choice = choices[candidate.id]!;
          return (
            <li key={candidate.id}>
              <div className={classes.who}>
                <span className={classes.rank} title={t('sessions.register-rank')}>
                  {candidate.registerRank ?? candidate.position}
                </span>
                <div className={classes.name}>
                  <CandidateName candidate={candidate} />
                </div>
                <div className={classes.facts}>
                  {t('units.persons', { count: candidate.persons })}
                  {candidate.incomeCents !== null && ` · ${cents(candidate.incomeCents)}`}
                  {candidate.registeredOn && ` · ${t('sessions.since', { on: day(candidate.registeredOn) })}`}
                  {candidate.priorityGroup && ` · ${word('priority', candidate.priorityGroup)}`}{' '}
                  <Why steps={candidate.steps as Step[]} />
                </div>
              </div>
              {deciding ? (
                <div className={classes.decision}>
                  <Select
                    aria-label={t('sessions.decision-for', { name: `${candidate.familyName} ${candidate.givenName}` })}
                    data={decisionKinds.map((kind) => ({ value: kind, label: word('decision', kind) }))}
                    value={choice.kind}
                    allowDeselect={false}
                    onChange={(kind) => change(candidate.id, { kind: kind as DecisionKind })}
                  />
                  {isPlaced(choice.kind) && (
                    <Select
                      aria-label={t('sessions.rank')}
                      w={96}
                      data={Array.from({ length: placed }, (_, index) => ({
                        value: String(index + 1),
                        label: t('units.rank', { rank: index + 1 }),
                      }))}
                      value={String(choice.rank ?? '')}
                      allowDeselect={false}
                      onChange={(rank) => change(candidate.id, { rank: Number(rank) })}
                    />
                  )}
                  {choice.kind === 'conditional' && (
                    <>
                      <TextInput
                        className={classes.grow}
                        aria-label={t('sessions.condition')}
                        placeholder={t('sessions.condition')}
                        value={choice.condition}
                        onChange={(event) => change(candidate.id, { condition: event.currentTarget.value })}
                      />
                      <DayField
                        aria-label={t('sessions.condition-until')}
                        value={choice.conditionDueOn}
                        onChange={(conditionDueOn) => change(candidate.id, { conditionDueOn })}
                      />
                    </>
                  )}
                  {!isPlaced(choice.kind) && (
                    <TextInput
                      className={classes.grow}
                      aria-label={t('sessions.reason')}
                      placeholder={t('sessions.reason')}
                      value={choice.reason}
                      onChange={(event) => change(candidate.id, { reason: event.currentTarget.value })}
                    />
                  )}
                </div>
              ) : (
                <div className={classes.decision}>
                  {candidate.decision ? (
                    <>
                      <span className="strong">{word('decision', candidate.decision.kind)}</span>
                      {candidate.decision.rank && ` · ${t('units.rank', { rank: candidate.decision.rank })}`}
                      <span className="dim">{candidate.decision.condition ?? candidate.decision.reason}</span>
                    </>
                  ) : (
                    <CandidateTag candidate={candidate} />
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ol>

      {item.derogations.length > 0 && (
        <div className={classes.derogations}>
          <h3>{t('sessions.derogations')}</h3>
          <ul>
            {inRegisterOrder(item).map((derogation) => {
              const candidate = item.candidates.find(({ id }) => id === derogation.passedCandidateId);
              return (
                <li key={derogation.passedCandidateId}>
                  {t('sessions.derogation-line', {
                    who: candidate?.familyName ?? '',
                    rank: candidate?.registerRank ?? 0,
                    kind: word('derogation', derogation.kind),
                    reason: derogation.reason,
                  })}
                </li>
              );
            })}
          </ul>
        </div>
      )}

      {deciding && passed.length > 0 && (
        <div className={classes.derogations}>
          <h3>{t('sessions.derogations')}</h3>
          <p>{t('sessions.derogations-why', { count: passed.length })}</p>
          {passed.map((candidate) => {
            const name = item.candidates.find(({ id }) => id === candidate.id)!;
            const given = derogations[candidate.id] ?? { kind: 'unsuitable-dwelling' as const, reason: '' };
            const set = (patch: Partial<typeof given>) =>
              setDerogations((current) => ({ ...current, [candidate.id]: { ...given, ...patch } }));
            return (
              <div key={candidate.id} className={classes.derogation}>
                <span className="strong">
                  {t('units.rank', { rank: candidate.registerRank ?? 0 })} · {name.familyName} {name.givenName}
                </span>
                <Select
                  aria-label={t('sessions.derogation-kind')}
                  data={derogationKinds.map((kind) => ({ value: kind, label: word('derogation', kind) }))}
                  value={given.kind}
                  allowDeselect={false}
                  onChange={(kind) => set({ kind: kind as DerogationKind })}
                />
                <Textarea
                  aria-label={t('sessions.derogation-reason', { name: name.familyName })}
                  placeholder={t('sessions.derogation-placeholder')}
                  autosize
                  minRows={1}
                  value={given.reason}
                  error={errors[`derogations.${candidate.id}`]}
                  onChange={(event) => set({ reason: event.currentTarget.value })}
                />
              </div>
            );
          })}
        </div>
      )}

      {deciding && jurisdiction === 'fr-idf' && item.candidates.length < 3 && (
        <div className={classes.derogations}>
          <Select
            label={t('sessions.fewer-than-three')}
            description={t('sessions.fewer-hint')}
            data={fewerThanThree.options.map((value) => ({ value, label: word('fewer-than-three', value) }))}
            value={exception}
            onChange={setException}
            maw={420}
          />
        </div>
      )}

      {(deciding || onRemove) && (
        <div className={classes.foot}>
          <ProblemAlert problem={save.error} />
          {deciding && (
            <Button onClick={() => save.mutate()} loading={save.isPending}>
              {t('sessions.decide')}
            </Button>
          )}
          {onRemove && (
            <QuietButton onClick={onRemove}>
              {session.state === 'open' ? t('sessions.postpone') : t('sessions.remove')}
            </QuietButton>
          )}
        </div>
      )}
      {item.state === 'decided' && item.decidedBy && (
        <p className={classes.decided}>
          {t('sessions.decided-by', { name: item.decidedBy, at: words.moment(item.decidedAt!) })}
        </p>
      )}
    </Panel>
  );
}

/** The derogations, those passed over first in the register first. */
function inRegisterOrder({ candidates, derogations }: Item): Item['derogations'] {
  const ranks = new Map(candidates.map(({ id, registerRank }) => [id, registerRank ?? 0]));
  const rankOf = (id: string) => ranks.get(id) ?? 0;
  return derogations.toSorted((a, b) => rankOf(a.passedCandidateId) - rankOf(b.passedCandidateId));
}

/** What the order proposes: the first gets the dwelling, the others follow in rank. */
function proposed(item: Item): Record<string, Choice> {
  return Object.fromEntries(
    item.candidates.map((candidate, index) => [
      candidate.id,
      {
        kind: index === 0 ? ('granted' as const) : ('ranked' as const),
        rank: index + 1,
        reason: '',
        condition: '',
        conditionDueOn: '',
      },
    ]),
  );
}

/** Ranks follow each other: whoever was given a rank keeps it, the others close up around it. */
function reranked(choices: Record<string, Choice>, changed: string): Record<string, Choice> {
  const placed = Object.entries(choices)
    .filter(([, choice]) => isPlaced(choice.kind))
    .sort(([a, x], [b, y]) => (x.rank ?? 99) - (y.rank ?? 99) || (a === changed ? -1 : b === changed ? 1 : 0));
  const ranks = new Map(placed.map(([id], index) => [id, index + 1]));
  return Object.fromEntries(
    Object.entries(choices).map(([id, choice]) => {
      const rank = ranks.get(id) ?? null;
      const kind =
        rank === 1 && choice.kind === 'ranked'
          ? 'granted'
          : rank !== null && rank > 1 && choice.kind === 'granted'
            ? 'ranked'
            : choice.kind;
      return [id, { ...choice, rank, kind }];
    }),
  );
}
