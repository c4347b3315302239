import { Button, Drawer, Group } from '@mantine/core';
import { type UseFormReturnType, useForm as useMantineForm } from '@mantine/form';
import { useDebouncedCallback } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ApiProblem } from './api.ts';
import { ProblemAlert, QuietButton } from './parts.tsx';
import { useServices } from './services.tsx';
import { useWords } from './words.tsx';

export type Form<Values extends Record<string, unknown>> = UseFormReturnType<Values>;

type FormDrawerProps<Values extends Record<string, unknown>, Result> = {
  title: string;
  opened: boolean;
  onClose(): void;
  initial: Values;
  /** What the button says will happen: « Enregistrer le congé ». */
  submitLabel: string;
  submit(values: Values, key: string, version: number): Promise<Result>;
  /** The version of the record one changes. What is sent is the one seen when the form opened: never a later one. */
  version?: number;
  onDone(result: Result, again: boolean): void;
  children(form: Form<Values>): ReactNode;
  /** What is typed is kept under this name until it is sent, and found again. */
  draft?: string;
  /** What of it may be kept: guarded numbers are left out. All of it without. */
  keepable?(values: Values): Record<string, unknown>;
  /** A second button that saves and clears the form, for those who enter many in series. */
  saveAndNew?: boolean;
  /** What was just saved, said above the cleared form: the number a clerk writes on the paper file. */
  saved?(result: Result): string;
  size?: number;
  danger?: boolean;
};

/**
 * A form in a drawer. Nothing typed is lost: it is kept while one types, found again after a refresh or a lost
 * connection, and the same request sent twice is done once. Refusals appear at their fields.
 */
export function FormDrawer<Values extends Record<string, unknown>, Result>(props: FormDrawerProps<Values, Result>) {
  const { t } = useWords();
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size={props.size ?? 460}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      {props.opened && <FormBody {...props} />}
    </Drawer>
  );
}

function FormBody<Values extends Record<string, unknown>, Result>(props: FormDrawerProps<Values, Result>) {
  const { t } = useWords();
  const services = useServices();
  const form = useMantineForm<Values>({ mode: 'controlled', initialValues: props.initial });
  const key = useRef(crypto.randomUUID());
  const [version] = useState(props.version ?? 0);
  const [found, setFound] = useState(false);
  const again = useRef(false);
  const element = useRef<HTMLFormElement>(null);

  const keep = useDebouncedCallback((values: Values) => {
    if (props.draft) services.keepDraft(props.draft, props.keepable?.(values) ?? values).catch(() => undefined);
  }, 800);

  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, when the form opens
  useEffect(() => {
    if (!props.draft) return;
    services.readDraft(props.draft).then(
      (content) => {
        if (!content || form.isDirty()) return;
        form.setValues({ ...props.initial, ...(content as Values) });
        setFound(true);
      },
      () => undefined,
    );
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the values is kept
  useEffect(() => {
    if (form.isDirty()) keep(form.values);
  }, [form.values]);

  const send = useMutation({
    mutationFn: (values: Values) => props.submit(values, key.current, version),
    onSuccess: (result) => {
      keep.cancel();
      if (props.draft) services.forgetDraft(props.draft).catch(() => undefined);
      key.current = crypto.randomUUID();
      if (again.current) {
        form.setInitialValues(props.initial);
        form.reset();
        setFound(false);
        element.current?.querySelector<HTMLElement>('[data-autofocus], input:not([type="hidden"]), textarea')?.focus();
      }
      props.onDone(result, again.current);
    },
    onError: (error) => {
      // A refusal ends the attempt; a lost connection does not: the same key is sent again.
      if (error instanceof ApiProblem && error.status > 0) key.current = crypto.randomUUID();
      form.setErrors(fieldErrors(error));
    },
  });

  // What is refused may be far from the button: the reader is taken there.
  useEffect(() => {
    if (!send.error) return;
    const refused = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (refused) refused.focus();
    else element.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' });
  }, [send.error]);

  const forget = () => {
    if (props.draft) services.forgetDraft(props.draft).catch(() => undefined);
    form.setValues(props.initial);
    setFound(false);
  };

  return (
    <form ref={element} onSubmit={form.onSubmit((values) => send.mutate(values))} noValidate>
      {again.current && send.isSuccess && props.saved && (
        <p role="status" style={{ marginBottom: 10 }}>
          {props.saved(send.data)}
        </p>
      )}
      {found && (
        <p className="dim" style={{ marginBottom: 10 }}>
          {t('ui.draft-found')} {props.keepable && t('ui.draft-guarded')}{' '}
          <QuietButton size="compact-xs" onClick={forget}>
            {t('ui.draft-forget')}
          </QuietButton>
        </p>
      )}
      <ProblemAlert problem={send.error} />
      {props.children(form)}
      <Group mt="lg" gap={10}>
        <Button
          type="submit"
          loading={send.isPending}
          color={props.danger ? 'red' : undefined}
          onClick={() => {
            again.current = false;
          }}
        >
          {props.submitLabel}
        </Button>
        {props.saveAndNew && (
          <Button
            type="submit"
            variant="default"
            loading={send.isPending}
            onClick={() => {
              again.current = true;
            }}
          >
            {t('ui.save-and-new')}
          </Button>
        )}
        <QuietButton onClick={props.onClose}>{t('ui.cancel')}</QuietButton>
      </Group>
    </form>
  );
}

/** Refusals by field, under the name the form gives it. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(error.fields.map((field) => [field.path, field.message]));
}
