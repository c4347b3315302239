import fs from 'node:fs';
import { JournalFault } from '../../modules/flow/points/journal-lines.ts';
import { type Recount, recount } from '../../modules/flow/points/recount.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { defineCommand } from './command.ts';
import { columns, counted, progressLine } from './words.ts';

/** Recounts a journal of the flow from its file alone: no database, no network, no trust in whoever made it. */
export const recountJournal = defineCommand({
  arguments: ['<journal.jsonl>'],
  notes: [
    'Le journal d’une année se télécharge dans Palier, sous « Comptage ». Chaque ligne porte l’empreinte des précédentes.',
    'L’empreinte de fin peut être comparée à celle d’un partenaire : la même empreinte, le même journal.',
  ],
  async run({ arguments: [file] }) {
    const stream = await opened(file!);
    const progress = progressLine('Recompte');
    try {
      const result = await recount(withProgress(stream, progress));
      return {
        text: describeRecount(result),
        data: { whole: true, ...result },
        failed: result.differences.length > 0,
      };
    } catch (error) {
      if (!(error instanceof JournalFault)) throw error;
      const { code, line } = error;
      return { text: faults[code](line), data: { whole: false, code, line }, failed: true };
    } finally {
      progress.end();
      stream.destroy();
    }
  },
});

const faults: Record<JournalFault['code'], (line: number) => string> = {
  'E-RECOUNT-01': (line) => `E-RECOUNT-01 : la ligne ${line} a été modifiée. Redemandez le journal.`,
  'E-RECOUNT-02': (line) =>
    `E-RECOUNT-02 : il manque au moins une ligne avant la ligne ${line}. Redemandez le journal.`,
  'E-RECOUNT-03': (line) =>
    `E-RECOUNT-03 : le journal est coupé à la ligne ${line}. Téléchargez-le de nouveau en entier.`,
  'E-RECOUNT-04': () => 'E-RECOUNT-04 : ce fichier n’est pas un journal du flux. Donnez celui que Palier a téléchargé.',
};

/** The recount in words: each agreement, then what differs from the figures of the journal. */
export function describeRecount(result: Recount): string {
  const rows = result.figures.map(({ reference, holder, freed, due, proposed, leased, points }) => [
    reference,
    holder,
    counted(freed, 'libération'),
    `dû ${french(due)}`,
    counted(proposed, 'proposition'),
    counted(leased, 'bail', 'baux'),
    `${french(points.total)} points`,
  ]);
  const differences = result.differences.map(
    ({ reference, what, told, counted: found }) =>
      `${reference || 'Journal'} : ${what}, le journal dit ${told}, les événements donnent ${found}.`,
  );
  const unproposed = result.unproposed.map(
    ({ reference, vacancy }) =>
      `E-RECOUNT-06 : ${reference}, logement ${vacancy} : un bail sans proposition. Il est compté ; demandez la proposition au bailleur.`,
  );
  return [
    `Journal ${result.year} de ${result.perimeter}, au ${result.on} : ${counted(result.events, 'événement')}, ${counted(result.vacancies, 'logement')}.`,
    columns(rows),
    ...unproposed,
    ...differences,
    differences.length === 0
      ? `Tout concorde. Empreinte de fin ${result.head}`
      : `E-RECOUNT-05 : ${counted(differences.length, 'écart')} entre le journal et ses événements.`,
  ]
    .filter(Boolean)
    .join('\n');
}

const french = (decimal: string): string => decimal.replace(/\.?0+$/, '').replace('.', ',');

async function opened(file: string): Promise<fs.ReadStream> {
  const stream = fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 });
  return new Promise((resolve, reject) => {
    stream.once('open', () => resolve(stream));
    stream.once('error', () => reject(new OperatorError(`Le fichier « ${file} » ne peut être lu.`)));
  });
}

async function* withProgress(stream: fs.ReadStream, progress: { at(share: number): void }): AsyncGenerator<string> {
  const { size } = await fs.promises.stat(stream.path);
  for await (const chunk of stream) {
    progress.at(stream.bytesRead / Math.max(1, size));
    yield chunk as string;
  }
}
