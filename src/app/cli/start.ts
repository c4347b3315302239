import { OperatorError } from '../../platform/operator-error.ts';
import { demonstrationAccounts } from '../demonstration.ts';
import { type Program, type StartStep, startProgram } from '../program.ts';
import { inWords } from '../self-check.ts';
import { defineCommand } from './command.ts';
import { accountTable } from './demo.ts';
import { columns, counted, duration, progressLine } from './words.ts';

/** Starts the program and stays until it is told to stop: Ctrl-C, SIGTERM, or the end of the process that launched it. */
export const start = defineCommand({
  notes: [
    'Réglages, par variables d’environnement :',
    columns([
      ['  PORT', 'port de l’application (4000, ou le suivant qui est libre)'],
      ['  HOST', 'adresse à laquelle elle répond (127.0.0.1)'],
      ['  PALIER_DATA', 'dossier de données (data)'],
      ['  PALIER_DEMO', '0 pour commencer sans la démonstration'],
      ['  PALIER_URL', 'adresse vue par les utilisateurs, derrière un serveur mandataire'],
      ['  DATABASE_URL', 'serveur PostgreSQL 15 à 18, au lieu de celui de Palier'],
      ['  SMTP_URL', 'serveur de courriel (smtp://compte:mot-de-passe@serveur:587) ; sans lui, aucun ne part'],
      ['  MAIL_FROM', 'expéditeur des courriels (Palier <palier@exemple.be>)'],
    ]),
  ],
  async run({ config, json }) {
    const asked = new AbortController();
    onStopAsked(() => asked.abort());
    const teller = json ? undefined : tellInFrench();
    let program: Program;
    try {
      program = await startProgram(config, { signal: asked.signal, ...(teller ? { tell: teller.tell } : {}) });
    } catch (error) {
      // Told to stop before it was ready: that is what was done.
      if (asked.signal.aborted) return { text: '', data: { stopped: true } };
      throw error;
    } finally {
      teller?.end();
    }
    const accounts = program.demonstrationLoaded ? await demonstrationAccounts() : [];
    if (json) console.log(JSON.stringify({ url: program.url, accounts }));
    else console.log(teller!.ready(program.url) + (accounts.length > 0 ? `\n\n${accountTable(accounts)}` : ''));

    const lost = program.lost.then(
      (reason) => new OperatorError(`La base de données s’est arrêtée (${reason}). Redémarrez Palier.`),
    );
    const problem = await Promise.race([stopAsked(asked.signal), lost, fault()]);
    await program.stop();
    if (problem) throw problem;
    return { text: json ? '' : 'Palier est arrêté.', data: { stopped: true } };
  },
});

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A second Ctrl-C changes nothing: the stop is bounded in time, and npm repeats the first. */
function onStopAsked(stop: () => void): void {
  for (const signal of signals) process.on(signal, stop);
  if (process.channel) {
    process.on('disconnect', stop);
    process.channel.unref();
  }
}

const stopAsked = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });

/** A fault that nothing caught: the program stops cleanly rather than go on in an unknown state. */
const fault = (): Promise<Error> =>
  new Promise((resolve) => {
    process.on('uncaughtException', resolve);
  });

/** The steps of a start, each with the time it took; a start like any other has nothing to say but its address. */
function tellInFrench() {
  const began = performance.now();
  let last = began;
  let progress: ReturnType<typeof progressLine> | undefined;
  const warnings: string[] = [];
  let steps = 0;
  const done = (what: string) => {
    const now = performance.now();
    console.log(`  ${what.padEnd(40)} ${duration(now - last).padStart(8)}`);
    last = now;
    steps += 1;
  };
  const end = () => {
    progress?.end();
    progress = undefined;
  };
  return {
    end,
    tell(step: StartStep) {
      switch (step.step) {
        case 'database-made':
          return done('Base de données créée');
        case 'migrated':
          return done(`Base mise à jour (${counted(step.migrations.length, 'migration')})`);
        case 'demonstration':
          progress ??= progressLine('  Démonstration');
          progress.at(step.share);
          if (step.share < 1) return;
          end();
          return done('Démonstration chargée');
        case 'port-taken':
          warnings.push(`Le port ${step.wanted} est pris par un autre programme : Palier répond au port ${step.port}.`);
          return;
        case 'checked':
          warnings.push(...step.findings.filter(({ level }) => level === 'warning').map(inWords));
      }
    },
    /** The last words of the start: what to look after, the time it took if that was long, the address. */
    ready(url: string): string {
      const total = steps > 0 ? `  ${'Prêt'.padEnd(40)} ${duration(performance.now() - began).padStart(8)}\n\n` : '';
      return `${total}${warnings.map((warning) => `${warning}\n`).join('')}Palier : ${url}`;
    },
  };
}
