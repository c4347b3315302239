import { FileInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { addressOf, call, contextHeaders, requestContext, send } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import {
  documentReaders,
  type listBaseDocuments,
  reviewBaseDocument,
  sendDocumentFile,
  shareBaseDocument,
} from '../contract.ts';
import { documentTypes } from '../rules/document-file.ts';
import classes from './base-page.module.css';

export type ReferenceDocument = ReplyOf<typeof listBaseDocuments>['items'][number];
type Version = ReferenceDocument['versions'][number];

export type DocumentDrawer = 'file' | 'review' | 'readers';

/** What may be done to one document: its file, its review, its readers. */
export function DocumentDrawers({
  document,
  open,
  onClose,
}: {
  document: ReferenceDocument | null;
  open: DocumentDrawer | null;
  onClose(): void;
}) {
  const { t, word } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  const done = () => {
    onClose();
    client.invalidateQueries();
  };
  const params = { id: document?.id ?? '' };
  const title = document?.title ?? '';
  return (
    <>
      <FormDrawer
        opened={open === 'file'}
        onClose={onClose}
        title={t('base.files-of', { title })}
        submitLabel={t('base.send-file')}
        initial={{ file: null as File | null, note: '' }}
        submit={async ({ file, note }) => {
          const name = (file?.name ?? '').slice(-200);
          const response = await send(addressOf(sendDocumentFile, params, { name: name || '-', note }), {
            method: 'POST',
            headers: { ...contextHeaders(), 'content-type': 'application/octet-stream' },
            body: file ?? new Blob([]),
          });
          return response.json();
        }}
        onDone={done}
      >
        {(form) => (
          <Stack gap="sm">
            <p className="dim">{t('base.file-hint')}</p>
            <FileInput
              label={t('base.file')}
              placeholder={t('base.file-pick')}
              styles={{ placeholder: { color: 'var(--ink-2)' } }}
              required
              accept={Object.keys(documentTypes)
                .map((extension) => `.${extension}`)
                .join(',')}
              {...form.getInputProps('file')}
            />
            <TextInput label={t('base.file-note')} maxLength={200} {...form.getInputProps('note')} />
            {document && document.versions.length > 0 && (
              <ol className={classes.road}>
                {document.versions.map((version) => (
                  <li key={version.id}>
                    <VersionLink version={version} />
                    <VersionLine version={version} />
                  </li>
                ))}
              </ol>
            )}
          </Stack>
        )}
      </FormDrawer>
      <FormDrawer
        opened={open === 'review'}
        onClose={onClose}
        title={t('base.review-of', { title })}
        submitLabel={t('base.review')}
        initial={{ reviewedOn: today as string, nextOn: '', note: '' }}
        submit={({ reviewedOn, nextOn, note }, key) =>
          call(reviewBaseDocument, { params, key, body: { reviewedOn, nextOn: nextOn || null, note } })
        }
        onDone={done}
      >
        {(form) => (
          <Stack gap="sm">
            <DayField label={t('base.reviewed-on')} required {...form.getInputProps('reviewedOn')} />
            <Textarea label={t('base.review-note')} required autosize minRows={2} {...form.getInputProps('note')} />
            <DayField
              label={t('base.next-review-on')}
              description={t('base.next-review-hint')}
              {...form.getInputProps('nextOn')}
            />
          </Stack>
        )}
      </FormDrawer>
      <FormDrawer
        opened={open === 'readers'}
        onClose={onClose}
        title={title}
        submitLabel={t('base.save-readers')}
        initial={{ sharedWith: document?.sharedWith ?? 'nobody' }}
        submit={({ sharedWith }) => call(shareBaseDocument, { params, body: { sharedWith } })}
        onDone={done}
      >
        {(form) => (
          <Select
            label={t('base.readers')}
            description={t('base.readers-hint')}
            data={documentReaders.options.map((value) => ({ value, label: word('document-readers', value) }))}
            allowDeselect={false}
            {...form.getInputProps('sharedWith')}
          />
        )}
      </FormDrawer>
    </>
  );
}

/** One version of a file, to be downloaded. */
export function VersionLink({ version }: { version: Version }) {
  return (
    <a href={`/api/v1/base/document-versions/${version.id}/file?organisation=${requestContext.organisationId}`}>
      {version.name}
    </a>
  );
}

function VersionLine({ version }: { version: Version }) {
  const { t, moment, number } = useWords();
  const size = version.size < 10_000 ? `${number(version.size)} o` : `${number(Math.round(version.size / 1000))} ko`;
  return (
    <div className="dim">
      {t('base.version-of', { number: version.number, size, by: version.addedBy, at: moment(version.addedAt) })}
      {version.note && <div>« {version.note} »</div>}
    </div>
  );
}
