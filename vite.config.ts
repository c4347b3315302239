import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Writes `.br` and `.gz` beside each text file, so that the server sends them as they are. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/\.(js|css|html|svg|json)$/.test(name)) continue;
      const file = path.join(dir!, name);
      const content = fs.readFileSync(file);
      if (content.length < 1_024) continue;
      fs.writeFileSync(`${file}.gz`, zlib.gzipSync(content, { level: 9 }));
      fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(content));
    }
  },
});

export default defineConfig({
  root: 'src/app/web',
  publicDir: 'public',
  plugins: [react(), precompress()],
  // Contracts are checked by the server alone: the screens carry none of Zod's 34 kB.
  resolve: { alias: { zod: path.resolve(import.meta.dirname, 'src/app/web/schemas.ts') } },
  build: {
    outDir: path.resolve(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 600,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // The texts in two files a language (src/app/web/messages.ts).
        codeSplitting: {
          groups: (['fr', 'nl', 'en'] as const).flatMap((code) => [
            {
              name: `messages-further-${code}`,
              test: new RegExp(`modules/(exchange|flow/[a-z]+)/.*messages/${code}\\.json`),
            },
            { name: `messages-${code}`, test: new RegExp(`messages/${code}\\.json`) },
          ]),
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4000' } },
});
