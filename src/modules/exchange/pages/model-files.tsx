import { Anchor } from '@mantine/core';
import { addressOf, requestContext } from '../../../ui/api.ts';
import { useWords } from '../../../ui/words.tsx';
import { downloadTemplate } from '../contract.ts';
import type { ImportKindName } from '../rules/fields.ts';
import classes from './model-files.module.css';

/** The files to fill in: the headings Palier knows, and an example row. */
export function ModelFiles({ kinds }: { kinds: readonly ImportKindName[] }) {
  const { t } = useWords();
  return (
    <ul className={classes.files}>
      {kinds.map((kind) => (
        <li key={kind}>
          <Anchor
            size="sm"
            href={addressOf(downloadTemplate, { kind }, { organisation: requestContext.organisationId })}
            download
          >
            {t(`imports.template.${kind}`)}
          </Anchor>
        </li>
      ))}
    </ul>
  );
}
