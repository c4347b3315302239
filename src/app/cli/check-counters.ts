import { type CounterDifference, counterDifferences, recountCounters } from '../../modules/flow/steering/counters.ts';
import { defineCommand } from './command.ts';
import { findOrganisation } from './verify-journal.ts';
import { withDatabase } from './with-database.ts';
import { columns, counted } from './words.ts';

/** Recounts the counters that overseers read from the events, tells every difference, and mends them when asked to. */
export const checkCounters = defineCommand({
  options: {
    organisation: { type: 'string', value: 'nom ou identifiant', what: 'Vérifie un seul bailleur' },
    repair: { type: 'boolean', what: 'Remplace les compteurs par ce que donnent les événements' },
  },
  notes: [
    'Les compteurs suivent chaque événement dans sa transaction : un écart vient d’une reprise de données ou d’un défaut.',
    'Les événements ne sont jamais modifiés ; seuls les compteurs le sont, avec --repair.',
  ],
  async run({ config, text, given }) {
    return withDatabase(config, 'flow check-counters', { tables: 'current', existing: true }, async ({ database }) => {
      const asked = text('organisation');
      const organisation = asked === undefined ? undefined : await findOrganisation(database.owner, asked);
      const differences = await counterDifferences(database.owner, organisation?.id);
      const repaired = given('repair') && differences.length > 0;
      if (repaired) await recountCounters(database.owner, organisation?.id);
      return {
        text: describeDifferences(differences, repaired),
        data: { agree: differences.length === 0, repaired, differences },
        failed: differences.length > 0 && !repaired,
      };
    });
  },
});

/** The differences in words: a line for each figure that is not what the events give. */
export function describeDifferences(differences: readonly CounterDifference[], repaired: boolean): string {
  if (differences.length === 0) return 'Tout concorde : les compteurs disent ce que donnent les événements.';
  const rows = differences.flatMap(({ landlord, year, municipality, account, kept, recounted }) =>
    Object.entries(recounted)
      .filter(([figure, value]) => kept[figure] !== value)
      .map(([figure, value]) => [
        landlord,
        String(year),
        municipality,
        account ?? 'baux',
        `${figures[figure] ?? figure} : le compteur dit ${french(kept[figure])}, les événements donnent ${french(value)}`,
      ]),
  );
  return [
    columns(rows),
    repaired
      ? `${counted(rows.length, 'écart')}, corrigé${rows.length > 1 ? 's' : ''} : les compteurs ont été recomptés.`
      : `E-COUNTERS-01 : ${counted(rows.length, 'écart')} entre les compteurs et les événements. ` +
        'Pour recompter : npx palier flow check-counters --repair',
  ].join('\n');
}

const figures: Record<string, string> = {
  freed: 'libérations',
  due: 'dû',
  proposed: 'propositions',
  attributed: 'attributions',
  leased: 'baux',
  leases: 'baux',
  quartileKnown: 'quartile connu',
  firstQuartile: 'premier quartile',
  rehoused: 'relogés',
  rehousedUnknown: 'relogés de quartile inconnu',
  priority: 'prioritaires',
};

const french = (value: number | undefined): string => String(value ?? 0).replace('.', ',');
