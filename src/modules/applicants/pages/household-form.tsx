import { ActionIcon, Button, Checkbox, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatNationalNumber, nationalNumber } from '../../../kernel/check-digits.ts';
import { NotInForce } from '../../../kernel/dated.ts';
import { language } from '../../../kernel/schemas.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { DayField, EuroField } from '../../../ui/fields.tsx';
import { type Form, FormDrawer } from '../../../ui/form.tsx';
import { Panel } from '../../../ui/parts.tsx';
import { Why } from '../../../ui/why.tsx';
import { useWords } from '../../../ui/words.tsx';
import { getOrganisation, listMunicipalities } from '../../organisations/contract.ts';
import { registerApplication, relation, sex, updateApplication } from '../contract.ts';
import { classifyHousehold } from '../rules/classify-household.ts';
import classes from './household-form.module.css';
import {
  type Application,
  blankMember,
  blankValues,
  bodyOf,
  type HouseholdValues,
  keepable,
  membersOf,
  valuesOf,
} from './household-values.ts';
import { IncomeWhy } from './income-why.tsx';
import { priorityName } from './priority-words.ts';

const drawerWidth = 1_040;

/** Enters a household and its application; size and income class are shown while one types, by the rules of the register. */
export function RegisterHousehold(props: {
  opened: boolean;
  onClose(): void;
  onDone(application: { id: string; number: string }, again: boolean): void;
}) {
  const { t } = useWords();
  const { today } = useActor();
  return (
    <FormDrawer
      {...props}
      size={drawerWidth}
      title={t('applicants.register')}
      submitLabel={t('applicants.register-now')}
      saveAndNew
      saved={({ number }) => t('applicants.registered-as', { number })}
      draft="applicants.application"
      keepable={keepable}
      initial={blankValues(today)}
      submit={(values, key) => call(registerApplication, { key, body: bodyOf(values) })}
    >
      {(form) => <HouseholdFields form={form} />}
    </FormDrawer>
  );
}

/** Changes an application and its household; the rank stays the day of registration. */
export function EditHousehold({
  application,
  ...props
}: {
  application: Application;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...props}
      size={drawerWidth}
      title={t('applicants.edit-of', { name: `${application.familyName} ${application.givenName}` })}
      submitLabel={t('applicants.save')}
      draft={`applicants.application.${application.id}`}
      version={application.version}
      keepable={keepable}
      initial={valuesOf(application)}
      submit={(values, _, version) =>
        call(updateApplication, { params: { id: application.id }, body: { ...bodyOf(values), version } })
      }
    >
      {(form) => <HouseholdFields form={form} />}
    </FormDrawer>
  );
}

function HouseholdFields({ form }: { form: Form<HouseholdValues> }) {
  const { t, word, language: spoken } = useWords();
  const { jurisdiction, organisationId, today } = useActor();
  const french = jurisdiction === 'fr-idf';
  const municipalities = useQuery({
    queryKey: ['municipalities', organisationId],
    queryFn: () => call(listMunicipalities),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const priorities = [...new Set(['dalo', ...(form.values.priorityGroup ? [form.values.priorityGroup] : [])])];
  return (
    <>
      <h3 className={classes.section}>{t('applicants.section-members')}</h3>
      <Members form={form} />

      <h3 className={classes.section}>{t('applicants.section-income')}</h3>
      <div className={classes.row}>
        <EuroField
          label={t(french ? 'applicants.income-fr' : 'applicants.income-be')}
          description={t(french ? 'applicants.income-hint-fr' : 'applicants.income-hint-be')}
          {...form.getInputProps('household.incomeCents')}
        />
        <NumberInput
          label={t('applicants.income-year')}
          description={t('applicants.income-year-hint')}
          min={1990}
          max={2100}
          allowDecimal={false}
          hideControls
          {...form.getInputProps('household.incomeYear')}
        />
        <NumberInput
          label={t('applicants.income-earners')}
          description={t('applicants.income-earners-hint')}
          min={0}
          max={10}
          allowDecimal={false}
          {...form.getInputProps('household.incomeEarners')}
        />
      </div>

      <Found values={form.values} />

      <h3 className={classes.section}>{t('applicants.section-application')}</h3>
      <div className={classes.row}>
        <DayField
          label={t('applicants.received-on')}
          description={t('applicants.received-hint')}
          max={today}
          required
          {...form.getInputProps('receivedOn')}
        />
        <DayField
          label={t('applicants.registered-on')}
          description={t('applicants.registered-hint')}
          max={today}
          {...form.getInputProps('registeredOn')}
        />
      </div>
      {french && (
        <div className={classes.row}>
          <TextInput
            label={t('applicants.unique-number')}
            description={t('applicants.unique-number-hint')}
            autoComplete="off"
            {...form.getInputProps('uniqueNumber')}
          />
          <Select
            label={t('applicants.priority')}
            description={t('applicants.priority-hint')}
            data={priorities.map((value) => ({ value, label: priorityName(value, { t }) }))}
            clearable
            {...form.getInputProps('priorityGroup')}
          />
          <Select
            label={t('applicants.quartile')}
            description={t('applicants.quartile-hint')}
            data={['1', '2', '3', '4'].map((value) => ({
              value,
              label: t('applicants.quartile-of', { quartile: value }),
            }))}
            clearable
            {...form.getInputProps('quartile')}
          />
        </div>
      )}
      {french && (
        <div className={classes.row}>
          {(['paysIntoActionLogement', 'publicAgent'] as const).map((fact) => (
            <Select
              key={fact}
              label={t(`applicants.${fact === 'publicAgent' ? 'public-agent' : 'pays-into-action-logement'}`)}
              placeholder={t('applicants.not-known')}
              data={['yes', 'no'].map((value) => ({ value, label: t(`applicants.answer-${value}`) }))}
              clearable
              {...form.getInputProps(fact)}
            />
          ))}
        </div>
      )}
      <div className={classes.row}>
        <MultiSelect
          label={t('applicants.municipalities')}
          description={t('applicants.municipalities-hint')}
          data={(municipalities.data?.items ?? []).map((item) => ({
            value: item.code,
            label: spoken === 'nl' && item.nameNl ? item.nameNl : item.nameFr,
          }))}
          searchable
          limit={40}
          maxValues={40}
          {...form.getInputProps('requestedMunicipalities')}
        />
      </div>

      <h3 className={classes.section}>{t('applicants.section-contact')}</h3>
      <div className={classes.row}>
        <TextInput
          label={t('applicants.email')}
          type="email"
          autoComplete="off"
          {...form.getInputProps('household.email')}
        />
        <TextInput
          label={t('applicants.phone')}
          type="tel"
          autoComplete="off"
          {...form.getInputProps('household.phone')}
        />
        <Select
          label={t('applicants.language')}
          data={language.options.map((value) => ({ value, label: word('language', value) }))}
          allowDeselect={false}
          {...form.getInputProps('household.language')}
        />
      </div>
      <div className={classes.row}>
        <TextInput label={t('applicants.street')} autoComplete="off" {...form.getInputProps('household.street')} />
        <TextInput
          label={t('applicants.postal-code')}
          autoComplete="off"
          {...form.getInputProps('household.postalCode')}
        />
        <TextInput label={t('applicants.city')} autoComplete="off" {...form.getInputProps('household.city')} />
      </div>
      <div className={classes.row}>
        <Textarea label={t('applicants.note')} autosize minRows={2} {...form.getInputProps('household.note')} />
      </div>
    </>
  );
}

/** The people of the household, a line each. */
function Members({ form }: { form: Form<HouseholdValues> }) {
  const { t, word } = useWords();
  const { jurisdiction } = useActor();
  const withNumber = jurisdiction === 'be-bru';
  const { members, couple } = form.values.household;
  const adults = members.filter((member) => member.relation !== 'child').length;
  const nameOf = (index: number) => members[index]!.givenName || t('applicants.member', { number: index + 1 });
  const checkNumber = (index: number) => {
    const path = `household.members.${index}.nationalNumber`;
    const typed = members[index]!.nationalNumber;
    if (typed === '') return;
    const proven = nationalNumber(typed);
    if (proven === null) form.setFieldError(path, t('fields.E-NISS-01'));
    else form.setFieldValue(path, formatNationalNumber(proven) as never);
  };
  return (
    <>
      <ul className={classes.members}>
        {members.map((member, index) => {
          const at = `household.members.${index}`;
          const relationField = form.getInputProps(`${at}.relation`);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name of its own until it is saved
            <li key={index} className={`${classes.member} ${withNumber ? classes.withNumber : ''}`}>
              <Select
                label={t('applicants.relation')}
                data={relation.options.map((value) => ({ value, label: word('relation', value) }))}
                allowDeselect={false}
                {...relationField}
                onChange={(value) => {
                  relationField.onChange(value);
                  if (value === 'partner') form.setFieldValue('household.couple', true);
                }}
              />
              <TextInput
                label={t('applicants.family-name')}
                required
                autoComplete="off"
                {...form.getInputProps(`${at}.familyName`)}
              />
              <TextInput
                label={t('applicants.given-name')}
                required
                autoComplete="off"
                {...form.getInputProps(`${at}.givenName`)}
              />
              <DayField label={t('applicants.birth-date')} {...form.getInputProps(`${at}.birthDate`)} />
              <Select
                label={t('applicants.sex')}
                data={sex.options.map((value) => ({ value, label: word('sex', value) }))}
                {...form.getInputProps(`${at}.sex`)}
              />
              {withNumber && (
                <TextInput
                  label={t('applicants.national-number')}
                  placeholder={member.hasNationalNumber ? t('applicants.number-on-file') : '00.00.00-000.00'}
                  autoComplete="off"
                  inputMode="numeric"
                  {...form.getInputProps(`${at}.nationalNumber`)}
                  onBlur={() => checkNumber(index)}
                />
              )}
              <Checkbox
                className={classes.disabled}
                label={t('applicants.disabled')}
                {...form.getInputProps(`${at}.disabled`, { type: 'checkbox' })}
              />
              {members.length > 1 && (
                <div className={classes.remove}>
                  <ActionIcon
                    aria-label={t('applicants.remove-member', { name: nameOf(index) })}
                    onClick={() => form.removeListItem('household.members', index)}
                  >
                    <span aria-hidden>×</span>
                  </ActionIcon>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      <Button
        className={classes.add}
        variant="default"
        size="xs"
        onClick={() => form.insertListItem('household.members', blankMember('child', members[0]?.familyName))}
      >
        {t('applicants.add-member')}
      </Button>
      {adults >= 2 && (
        <Checkbox
          className={classes.couple}
          label={t('applicants.couple')}
          checked={couple}
          onChange={(event) => form.setFieldValue('household.couple', event.currentTarget.checked)}
        />
      )}
    </>
  );
}

/** What the register will make of this household: the same rules as the server's, on what is typed so far. */
function Found({ values }: { values: HouseholdValues }) {
  const { t, word, cents } = useWords();
  const { jurisdiction, organisationId, today } = useActor();
  const organisation = useQuery({
    queryKey: ['organisation', organisationId],
    queryFn: () => call(getOrganisation),
    staleTime: 60_000,
  });
  const shareUntil = Number(
    organisation.data?.settings.find(({ key }) => key === 'applicants.children-share-until')?.value ?? 0,
  );
  const { household } = values;
  let found: ReturnType<typeof classifyHousehold>;
  try {
    found = classifyHousehold({
      jurisdiction,
      members: membersOf(values),
      couple: household.couple,
      incomeCents: household.incomeCents,
      incomeEarners: Number(household.incomeEarners),
      shareUntil,
      on: today,
    });
  } catch (error) {
    if (error instanceof NotInForce) return null;
    throw error;
  }
  return (
    <div className={classes.preview} aria-live="polite">
      <Panel tone="accent" title={t('applicants.found')} aside={t('applicants.found-hint')}>
        <dl className={classes.found}>
          <div>
            <dt>{t('applicants.bedrooms-needed')}</dt>
            <dd>
              <strong>{t('units.bedrooms', { count: found.bedrooms.result })}</strong>{' '}
              <Why steps={found.bedrooms.steps} />
            </dd>
          </div>
          <div>
            <dt>{t('applicants.income-class', { ceiling: cents(found.income.result.ceiling) })}</dt>
            <dd>
              <strong>{word('income-class', found.income.result.class)}</strong>{' '}
              <IncomeWhy steps={found.income.steps} />
            </dd>
          </div>
        </dl>
      </Panel>
    </div>
  );
}
