import type { BodyInputOf, ReplyOf } from '../../../kernel/endpoint.ts';
import { isLocalDate, type LocalDate } from '../../../kernel/local-date.ts';
import type { getApplication, updateApplication } from '../contract.ts';
import type { HouseholdMember } from '../rules/classify-household.ts';

export type Application = ReplyOf<typeof getApplication>;

/** A member as the form holds it: fields of text are '' when empty. */
export type MemberValues = {
  /** Of a member on file; '' for a new one. */
  id: string;
  relation: HouseholdMember['relation'];
  familyName: string;
  givenName: string;
  birthDate: string;
  sex: string | null;
  disabled: boolean;
  nationalNumber: string;
  hasNationalNumber: boolean;
};

export type HouseholdValues = {
  receivedOn: string;
  registeredOn: string;
  uniqueNumber: string;
  priorityGroup: string | null;
  quartile: string | null;
  /** « yes », « no », or null: not known. */
  paysIntoActionLogement: string | null;
  publicAgent: string | null;
  socialFlags: string[];
  requestedMunicipalities: string[];
  household: {
    language: string;
    email: string;
    phone: string;
    street: string;
    postalCode: string;
    city: string;
    couple: boolean;
    incomeCents: number | null;
    incomeYear: number | string;
    incomeEarners: number | string;
    note: string;
    members: MemberValues[];
  };
};

export const blankMember = (relation: MemberValues['relation'], familyName = ''): MemberValues => ({
  id: '',
  relation,
  familyName,
  givenName: '',
  birthDate: '',
  sex: null,
  disabled: false,
  nationalNumber: '',
  hasNationalNumber: false,
});

/** An empty form: one person of reference, received and complete today. */
export const blankValues = (today: LocalDate): HouseholdValues => ({
  receivedOn: today,
  registeredOn: today,
  uniqueNumber: '',
  priorityGroup: null,
  quartile: null,
  paysIntoActionLogement: null,
  publicAgent: null,
  socialFlags: [],
  requestedMunicipalities: [],
  household: {
    language: 'fr',
    email: '',
    phone: '',
    street: '',
    postalCode: '',
    city: '',
    couple: false,
    incomeCents: null,
    incomeYear: '',
    incomeEarners: 1,
    note: '',
    members: [blankMember('reference')],
  },
});

/** What is on file, as the form holds it. */
export function valuesOf(application: Application): HouseholdValues {
  const { household } = application;
  return {
    receivedOn: application.receivedOn,
    registeredOn: application.registeredOn ?? '',
    uniqueNumber: application.uniqueNumber ?? '',
    priorityGroup: application.priorityGroup,
    quartile: application.quartile === null ? null : String(application.quartile),
    paysIntoActionLogement: answerOf(application.paysIntoActionLogement),
    publicAgent: answerOf(application.publicAgent),
    socialFlags: application.socialFlags,
    requestedMunicipalities: application.requestedMunicipalities,
    household: {
      language: household.language,
      email: household.email ?? '',
      phone: household.phone ?? '',
      street: household.street ?? '',
      postalCode: household.postalCode ?? '',
      city: household.city ?? '',
      couple: household.couple,
      incomeCents: household.incomeCents,
      incomeYear: household.incomeYear ?? '',
      incomeEarners: household.incomeEarners,
      note: household.note ?? '',
      members:
        household.members.length > 0
          ? household.members.map((member) => ({ ...member, birthDate: member.birthDate ?? '', nationalNumber: '' }))
          : membersByCount(application),
    },
  };
}

/** A household known by its numbers alone has a line for each person, to be completed: its size must not shrink unseen. */
function membersByCount({ familyName, givenName, household }: Application): MemberValues[] {
  const adults = Array.from({ length: household.adults }, (_, index) =>
    index === 0
      ? { ...blankMember('reference', familyName), givenName }
      : blankMember(index === 1 && household.couple ? 'partner' : 'other', familyName),
  );
  return [...adults, ...Array.from({ length: household.children }, () => blankMember('child', familyName))];
}

/** What the form sends. A number left empty for a member on file is not sent: the one on file stays. */
export function bodyOf(values: HouseholdValues): Omit<BodyInputOf<typeof updateApplication>, 'version'> {
  const { household } = values;
  return {
    ...values,
    receivedOn: values.receivedOn,
    registeredOn: values.registeredOn || null,
    quartile: values.quartile === null ? null : Number(values.quartile),
    paysIntoActionLogement: factOf(values.paysIntoActionLogement),
    publicAgent: factOf(values.publicAgent),
    household: {
      ...household,
      language: household.language as 'fr',
      incomeYear: household.incomeYear === '' ? null : Number(household.incomeYear),
      incomeEarners: Number(household.incomeEarners),
      members: household.members.map(({ id, nationalNumber, hasNationalNumber: _, ...member }) => ({
        ...member,
        id: id || null,
        birthDate: member.birthDate || null,
        sex: member.sex as 'F' | null,
        ...(nationalNumber === '' ? {} : { nationalNumber }),
      })),
    },
  };
}

/** National numbers are never kept in a draft: reading one is logged, and a draft is not. */
export const keepable = (values: HouseholdValues): HouseholdValues => ({
  ...values,
  household: {
    ...values.household,
    members: values.household.members.map((member) => ({ ...member, nationalNumber: '' })),
  },
});

/** The members as the rules of size and income take them. */
export const membersOf = (values: HouseholdValues): HouseholdMember[] =>
  values.household.members.map(({ relation, sex, birthDate, disabled }) => ({
    relation,
    sex: sex as HouseholdMember['sex'],
    birthDate: isLocalDate(birthDate) ? birthDate : null,
    disabled,
  }));

const answerOf = (fact: boolean | null): string | null => (fact === null ? null : fact ? 'yes' : 'no');
const factOf = (answer: string | null): boolean | null => (answer === null ? null : answer === 'yes');
