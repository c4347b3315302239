import { Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { formatIban, iban } from '../../../kernel/check-digits.ts';
import type { BodyInputOf, ReplyOf } from '../../../kernel/endpoint.ts';
import { language } from '../../../kernel/schemas.ts';
import { call } from '../../../ui/api.ts';
import { type Form, FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { createOwner, type getOwner, ownerKind, updateOwner } from '../contract.ts';

export type Owner = ReplyOf<typeof getOwner>;

type Values = Record<
  | 'reference'
  | 'kind'
  | 'name'
  | 'contactName'
  | 'email'
  | 'phone'
  | 'language'
  | 'street'
  | 'postalCode'
  | 'city'
  | 'iban'
  | 'enterpriseNumber'
  | 'note',
  string
>;

const blank: Values = {
  reference: '',
  kind: 'person',
  name: '',
  contactName: '',
  email: '',
  phone: '',
  language: 'fr',
  street: '',
  postalCode: '',
  city: '',
  iban: '',
  enterpriseNumber: '',
  note: '',
};

const bodyOf = ({ reference: _, ...values }: Values) => ({
  ...values,
  kind: values.kind as Owner['kind'],
  language: values.language as Owner['language'],
});

/** A bank account is never kept in a draft: reading one is logged, and a draft is not. */
const keepable = (values: Values) => ({ ...values, iban: '' });

/** Adds an owner; for those who enter many, saves and starts the next. */
export function AddOwner(props: {
  opened: boolean;
  onClose(): void;
  onDone(owner: { id: string }, again: boolean): void;
}) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...props}
      size={520}
      title={t('owners.add')}
      submitLabel={t('owners.save-new')}
      saveAndNew
      saved={() => t('owners.added')}
      draft="portfolio.owner"
      keepable={keepable}
      initial={blank}
      submit={(values, key) => call(createOwner, { key, body: { ...bodyOf(values), reference: values.reference } })}
    >
      {(form) => <OwnerFields form={form} isNew />}
    </FormDrawer>
  );
}

/** Changes what is known of an owner. The account stays when its field is left empty. */
export function EditOwner({ owner, ...props }: { owner: Owner; opened: boolean; onClose(): void; onDone(): void }) {
  const { t } = useWords();
  const initial = Object.fromEntries(Object.keys(blank).map((name) => [name, owner[name as 'name'] ?? ''])) as Values;
  return (
    <FormDrawer
      {...props}
      size={520}
      title={t('owners.edit-of', { name: owner.name })}
      submitLabel={t('owners.save')}
      draft={`portfolio.owner.${owner.id}`}
      version={owner.version}
      keepable={keepable}
      initial={{ ...initial, iban: '' }}
      submit={(values, _, version) => {
        const { iban: account, ...rest } = bodyOf(values);
        const body: BodyInputOf<typeof updateOwner> = {
          ...rest,
          ...(account === '' ? {} : { iban: account }),
          version,
        };
        return call(updateOwner, { params: { id: owner.id }, body });
      }}
    >
      {(form) => <OwnerFields form={form} account={owner.ibanEnd} />}
    </FormDrawer>
  );
}

function OwnerFields({ form, isNew, account }: { form: Form<Values>; isNew?: boolean; account?: string | null }) {
  const { t, word } = useWords();
  const isPerson = form.values.kind === 'person';
  const checkIban = () => {
    const typed = form.values.iban;
    if (typed === '') return;
    const proven = iban(typed);
    if (proven === null) form.setFieldError('iban', t('fields.E-IBAN-01'));
    else form.setFieldValue('iban', formatIban(proven));
  };
  return (
    <Stack gap="sm">
      <Select
        label={t('owners.kind')}
        data={ownerKind.options.map((value) => ({ value, label: word('owner-kind', value) }))}
        allowDeselect={false}
        {...form.getInputProps('kind')}
      />
      <TextInput label={t('owners.name')} required autoComplete="off" data-autofocus {...form.getInputProps('name')} />
      {isNew && (
        <TextInput
          label={t('dwellings.reference')}
          description={t('owners.reference-hint')}
          required
          autoComplete="off"
          {...form.getInputProps('reference')}
        />
      )}
      {!isPerson && (
        <TextInput label={t('owners.contact-name')} autoComplete="off" {...form.getInputProps('contactName')} />
      )}
      {!isPerson && (
        <TextInput
          label={t('owners.enterprise-number')}
          autoComplete="off"
          {...form.getInputProps('enterpriseNumber')}
        />
      )}
      <Group grow align="start" gap="sm">
        <TextInput label={t('owners.email')} type="email" autoComplete="off" {...form.getInputProps('email')} />
        <TextInput label={t('owners.phone')} type="tel" autoComplete="off" {...form.getInputProps('phone')} />
      </Group>
      <Select
        label={t('owners.language')}
        data={language.options.map((value) => ({ value, label: word('language', value) }))}
        allowDeselect={false}
        {...form.getInputProps('language')}
      />
      <TextInput label={t('owners.street')} autoComplete="off" {...form.getInputProps('street')} />
      <Group align="start" gap="sm" wrap="nowrap">
        <TextInput label={t('owners.postal-code')} autoComplete="off" w={120} {...form.getInputProps('postalCode')} />
        <TextInput label={t('owners.city')} autoComplete="off" style={{ flex: 1 }} {...form.getInputProps('city')} />
      </Group>
      <TextInput
        label={t('owners.account')}
        description={account ? t('owners.account-kept', { end: account }) : t('owners.account-hint')}
        autoComplete="off"
        {...form.getInputProps('iban')}
        onBlur={checkIban}
      />
      <Textarea label={t('owners.note')} autosize minRows={2} {...form.getInputProps('note')} />
    </Stack>
  );
}
