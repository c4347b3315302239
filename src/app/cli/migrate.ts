import { bringUpToDate } from '../program.ts';
import { defineCommand } from './command.ts';
import { withDatabase } from './with-database.ts';
import { counted } from './words.ts';

/** Brings the database to this program's version without starting the program. */
export const migrate = defineCommand({
  notes: ['Le programme le fait lui-même à chaque démarrage. Sauvegardez d’abord : npx palier backup.'],
  async run({ config }) {
    return withDatabase(config, 'migrate', { tables: 'as-is', alone: true }, async (opened) => {
      const migrations = await bringUpToDate(opened);
      const text =
        migrations.length === 0
          ? 'La base est à jour.'
          : `${counted(migrations.length, 'migration appliquée', 'migrations appliquées')} :\n${migrations.join('\n')}`;
      return { text, data: { migrations } };
    });
  },
});
