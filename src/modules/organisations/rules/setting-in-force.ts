import type { LocalDate } from '../../../kernel/local-date.ts';

/** A value from a day on: the organisation's own choice, or what the State fixed for the region. */
export type DatedChoice = { layer: string; value: unknown; validFrom: string };

/**
 * The choice in force on a day: the last regional one, unless it gives the choice back (null); else the last own one; else
 * none. A choice of a later day never changes what a day before had. SQL says the same (`chosenSetting`, `insights.flow_setting`).
 */
export function choiceInForce<Choice extends DatedChoice>(choices: readonly Choice[], on: LocalDate): Choice | null {
  const last = (layer: string) =>
    choices
      .filter((choice) => choice.layer === layer && choice.validFrom <= on)
      .reduce<Choice | null>((latest, one) => (latest && latest.validFrom > one.validFrom ? latest : one), null);
  const regional = last('regional');
  return regional && regional.value !== null ? regional : last('own');
}

/** The next day on which the value in force may be another one, with the choice then in force. */
export function nextChoice<Choice extends DatedChoice>(
  choices: readonly Choice[],
  today: LocalDate,
): { on: LocalDate; choice: Choice | null } | null {
  const now = choiceInForce(choices, today);
  const days = [...new Set(choices.map(({ validFrom }) => validFrom as LocalDate).filter((day) => day > today))].sort();
  for (const on of days) {
    const choice = choiceInForce(choices, on);
    if (choice !== now) return { on, choice };
  }
  return null;
}
