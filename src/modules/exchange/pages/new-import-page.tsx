import { Button, Progress, Radio } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useActor } from '../../../ui/actor.tsx';
import { ApiProblem } from '../../../ui/api.ts';
import { Crumbs } from '../../../ui/crumbs.tsx';
import { AsideLayout, Empty, Facts, Page, Panel, ProblemAlert, QuietButton } from '../../../ui/parts.tsx';
import { useWords } from '../../../ui/words.tsx';
import { type ImportKindName, importKindsFor } from '../rules/fields.ts';
import { ImportFrame } from './import-frame.tsx';
import { sizeInWords } from './import-words.ts';
import { ModelFiles } from './model-files.tsx';
import classes from './new-import-page.module.css';
import { acceptedExtensions, refusalOf, uploadFile } from './upload-file.ts';
import { importKey } from './use-import.ts';

/** A new import: what the file holds, and the file itself. */
export default function NewImportPage() {
  const { t } = useWords();
  const { may } = useActor();
  if (may('exchange.import')) return <SendFile />;
  return (
    <Page title={t('imports.new')}>
      <Crumbs
        title={t('imports.new')}
        path={[{ label: 'list', link: <Link to="/echanges">{t('nav.exchange')}</Link> }]}
      />
      <Panel>
        <Empty
          title={t('imports.not-allowed')}
          action={
            <Button component={Link} to="/echanges/extractions" variant="default">
              {t('imports.to-extractions')}
            </Button>
          }
        >
          {t('imports.not-allowed-hint')}
        </Empty>
      </Panel>
    </Page>
  );
}

function SendFile() {
  const words = useWords();
  const { t } = words;
  const { organisationId, jurisdiction } = useActor();
  const importKinds = importKindsFor(jurisdiction);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { contenu } = useSearch({ strict: false }) as { contenu?: string };
  const [kind, setKind] = useState<ImportKindName>(importKinds.find((known) => known === contenu) ?? 'dwellings');
  const [file, setFile] = useState<File | null>(null);
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const [sent, setSent] = useState(0);
  const sending = useRef<AbortController | null>(null);
  const send = useMutation({
    mutationFn: (chosen: File) => {
      sending.current = new AbortController();
      setSent(0);
      return uploadFile(kind, chosen, setSent, sending.current.signal);
    },
    networkMode: 'always',
    onSuccess: (record) => {
      client.setQueryData(importKey(organisationId, record.id), record);
      client.invalidateQueries();
      // The button that had the focus goes with this page.
      document.getElementById('main')?.focus();
      navigate({ to: '/echanges/imports/$id', params: { id: record.id } });
    },
  });
  useWarningBeforeLeaving(send.isPending);
  useEffect(() => () => sending.current?.abort(), []);

  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    send.reset();
    const reason = refusalOf(chosen);
    setFile(reason ? null : chosen);
    setRefusal(
      reason &&
        new ApiProblem({
          status: 422,
          code: reason.code,
          title: `${t(`problems.${reason.code}.title`, reason.params)} : ${chosen.name}`,
          detail: t(`problems.${reason.code}.detail`, reason.params),
        }),
    );
  };
  const isGivenUp = send.error instanceof DOMException;

  return (
    <ImportFrame
      title={t('imports.new')}
      crumb={t('imports.new')}
      context={t('imports.new-context')}
      step="file"
      actions={
        <>
          <QuietButton onClick={() => navigate({ to: '/echanges' })}>{t('ui.cancel')}</QuietButton>
          <Button onClick={() => file && send.mutate(file)} disabled={!file} loading={send.isPending}>
            {t('imports.send')}
          </Button>
        </>
      }
    >
      <AsideLayout
        aside={
          <>
            <Panel title={t('imports.accepted')}>
              <Facts
                facts={[
                  [t('imports.accepted-formats'), t('imports.accepted-formats-value')],
                  [t('imports.accepted-size'), t('imports.accepted-size-value')],
                  [t('imports.accepted-heading'), t('imports.accepted-heading-value')],
                  [t('imports.accepted-encoding'), t('imports.accepted-encoding-value')],
                ]}
              />
              <p className={classes.hint}>{t('imports.accepted-columns')}</p>
            </Panel>
            <Panel title={t('imports.templates')}>
              <p className={classes.lead}>{t('imports.templates-hint')}</p>
              <ModelFiles kinds={importKinds} />
            </Panel>
          </>
        }
      >
        <Panel title={t('imports.what-kind')}>
          <Radio.Group
            value={kind}
            onChange={(value) => setKind(value as ImportKindName)}
            aria-label={t('imports.what-kind')}
          >
            <div className={classes.kinds}>
              {importKinds.map((value) => (
                <Radio.Card key={value} value={value} className={classes.kind} disabled={send.isPending}>
                  <Radio.Indicator size="xs" className={classes.dot} />
                  <span>
                    <span className="strong">{t(`imports.kind.${value}`)}</span>
                    <span className={classes.kindHint}>{t(`imports.kind-hint.${value}`)}</span>
                  </span>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
        </Panel>
        <Panel title={t('imports.what-file')}>
          <ProblemAlert
            problem={refusal ?? (isGivenUp ? null : send.error)}
            {...(file && isPassing(send.error) ? { onRetry: () => send.mutate(file) } : {})}
          />
          {isGivenUp && (
            <p role="status" className={classes.lead}>
              {t('imports.sending-stopped')}
            </p>
          )}
          {file && send.isPending ? (
            <Sending
              file={file}
              sent={sent}
              onStop={() => sending.current?.abort(new DOMException('', 'AbortError'))}
            />
          ) : (
            <>
              <DropZone file={file} onFile={choose} />
              {file && (
                <Button className={classes.narrowOnly} onClick={() => send.mutate(file)} fullWidth mt={12}>
                  {t('imports.send')}
                </Button>
              )}
            </>
          )}
        </Panel>
      </AsideLayout>
    </ImportFrame>
  );
}

/** The connection or the server failed, not the file: sending it again may do. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.status === 0 || error.status >= 500);

/** Where a file is dropped, or chosen by a click or from the keyboard. */
function DropZone({ file, onFile }: { file: File | null; onFile(file: File | undefined): void }) {
  const words = useWords();
  const { t } = words;
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0]);
  };
  return (
    <label
      className={`${classes.zone} ${over ? classes.over : ''} ${file ? classes.chosen : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        className="visually-hidden"
        accept={acceptedExtensions.map((extension) => `.${extension}`).join(',')}
        onChange={(event) => {
          onFile(event.currentTarget.files?.[0]);
          // The same file, corrected meanwhile, may be chosen again.
          event.currentTarget.value = '';
        }}
      />
      {file ? (
        <>
          <span className={classes.fileName}>{file.name}</span>
          <span className="dim">{sizeInWords(file.size, words)}</span>
          <span className={classes.link}>{t('imports.choose-other')}</span>
        </>
      ) : (
        <>
          <span className="strong">{t('imports.drop')}</span>
          <span className={classes.link}>{t('imports.choose')}</span>
          <span className="dim">{t('imports.limits')}</span>
        </>
      )}
    </label>
  );
}

/** How far the file is on its way. */
function Sending({ file, sent, onStop }: { file: File; sent: number; onStop(): void }) {
  const words = useWords();
  const { t, number } = words;
  const share = Math.min(100, (sent / file.size) * 100);
  const arrived = share >= 100;
  return (
    <div className={classes.sending}>
      <span className={classes.fileName}>{file.name}</span>
      <Progress value={share} animated={arrived} size={8} aria-label={t('imports.sending', { file: file.name })} />
      <span className={classes.sendingLine}>
        <span className="dim" aria-live="polite">
          {arrived
            ? t('imports.sending-read')
            : t('imports.sending-share', {
                share: number(Math.floor(share)),
                sent: sizeInWords(sent, words),
                size: sizeInWords(file.size, words),
              })}
        </span>
        <QuietButton size="compact-sm" onClick={onStop}>
          {t('imports.sending-stop')}
        </QuietButton>
      </span>
    </div>
  );
}

/** A file on its way is lost when the page is closed: the browser asks first. */
function useWarningBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [active]);
}
