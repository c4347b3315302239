import type pg from 'pg';
import { type JournalReport, verifyJournals } from '../../platform/audit/verify-journals.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { defineCommand } from './command.ts';
import { withDatabase } from './with-database.ts';
import { columns, counted } from './words.ts';

/** Walks the hash chain of every organisation: the decisions written down are those that were taken, in their order. */
export const verifyJournal = defineCommand({
  options: {
    organisation: { type: 'string', value: 'nom ou identifiant', what: 'Vérifie le journal d’une seule organisation' },
  },
  notes: [
    'L’empreinte de tête peut être comparée à celle qu’un partenaire a notée : la même empreinte, le même journal.',
  ],
  async run({ config, text }) {
    return withDatabase(
      config,
      'verify-journal',
      { tables: 'as-is', existing: true },
      async ({ database, ownerUrl }) => {
        const asked = text('organisation');
        const organisation = asked === undefined ? undefined : await findOrganisation(database.owner, asked);
        const reports = await verifyJournals(ownerUrl, organisation?.id);
        return {
          text: describeJournals(reports),
          data: { intact: reports.every(({ verdict }) => verdict.intact), organisations: reports.map(journalData) },
          failed: reports.some(({ verdict }) => !verdict.intact),
        };
      },
    );
  },
});

/** The reports in words: a line for each journal, and what is wrong with the broken ones. */
export function describeJournals(reports: readonly JournalReport[]): string {
  const intact = reports.filter(({ verdict }) => verdict.intact);
  const broken = reports.filter(({ verdict }) => !verdict.intact);
  const rows = intact.map(({ organisation, verdict }) => [
    organisation,
    counted(verdict.entries, 'écriture'),
    verdict.intact && verdict.entries > 0 ? `intact, tête ${verdict.head}` : 'vide',
  ]);
  const faults = broken.map(({ organisation, verdict, brokenEvent }) => {
    if (verdict.intact) return '';
    const event = brokenEvent
      ? ` (événement ${brokenEvent.id}${brokenEvent.kind ? `, ${brokenEvent.kind}, ${brokenEvent.at}` : ', absent de la base'})`
      : '';
    return `${organisation} : journal rompu à l’écriture ${verdict.firstBroken}${event}. ${reasons[verdict.reason]}`;
  });
  return [...faults, columns(rows)].filter(Boolean).join('\n') || 'Aucune organisation : rien à vérifier.';
}

const reasons = {
  missing: 'Cette écriture manque.',
  'entry-altered': 'Son contenu ne correspond plus à son empreinte.',
  'link-altered': 'Son empreinte ne suit plus de la précédente.',
  'event-altered': 'Elle est rattachée à un autre événement que le sien.',
  cut: 'La fin du journal ne correspond pas à la tête enregistrée : des écritures ont été retirées ou ajoutées.',
} as const;

/** A report for programs. */
export const journalData = ({ organisationId, organisation, verdict, brokenEvent }: JournalReport) => ({
  id: organisationId,
  name: organisation,
  ...verdict,
  ...(brokenEvent ? { event: brokenEvent } : {}),
});

/**
 * The organisation of an identifier, or of a name, whatever its accents and capitals.
 * @throws OperatorError naming those there are
 */
export async function findOrganisation(owner: pg.Pool, asked: string) {
  const { rows } = await owner.query<{ id: string; name: string; kind: string; asked: boolean }>(
    `select id, name, kind, $1 = id::text or platform.fold($1) in (platform.fold(name), platform.fold(short_name)) as asked
     from organisations.organisations order by name`,
    [asked],
  );
  const found = rows.filter((row) => row.asked);
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new OperatorError(`Plusieurs organisations se nomment « ${asked} » : donnez l’identifiant.\n${names(found)}`);
  throw new OperatorError(
    rows.length === 0
      ? 'Il n’y a encore aucune organisation.'
      : `Aucune organisation ne se nomme « ${asked} ». Il y a :\n${names(rows.slice(0, 30))}`,
  );
}

const names = (rows: readonly { id: string; name: string }[]): string =>
  columns(rows.map(({ id, name }) => [`  ${id}`, name]));
