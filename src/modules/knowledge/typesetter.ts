import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const templates = path.join(import.meta.dirname, 'templates');
const require = createRequire(import.meta.url);

/** The files of the fonts, which come with the program: a server may have none. */
export function fontFiles(): string[] {
  const folder = path.dirname(require.resolve('@expo-google-fonts/inter/package.json'));
  return ['400Regular', '500Medium', '600SemiBold', '700Bold', '400Regular_Italic'].map((name) =>
    path.join(folder, name, `Inter_${name}.ttf`),
  );
}

let compiler: NodeCompiler | undefined;

/**
 * Sets a template as a PDF that screen readers can read (PDF/UA-1). Facts enter as data: nothing a person typed is ever
 * read as a template. Some 5 ms a page once warm.
 * @param madeAt the moment the document says it was made; without: now
 * @throws Error with Typst's own diagnosis when the template fails on these facts
 */
export function typeset(template: string, facts: unknown, madeAt?: Date): Buffer {
  compiler ??= NodeCompiler.create({
    workspace: templates,
    fontArgs: [{ fontBlobs: fontFiles().map((file) => fs.readFileSync(file)) }],
  });
  const options = { mainFilePath: path.join(templates, `${template}.typ`), inputs: { facts: JSON.stringify(facts) } };
  const compiled = compiler.compile(options);
  if (compiled.hasError()) {
    const error = compiled.takeError();
    throw new Error(`${template}: ${JSON.stringify(error?.shortDiagnostics ?? error?.compilationStatus)}`);
  }
  return compiler.pdf(compiled.result!, {
    pdfStandard: 'ua-1',
    pdfTags: true,
    ...(madeAt && { creationTimestamp: Math.floor(madeAt.getTime() / 1_000) }),
  });
}
