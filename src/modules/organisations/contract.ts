import { z } from 'zod';
import { endpoint } from '../../kernel/endpoint.ts';
import { dayOut, id, language, localDate, momentOut, optionalText, source, text } from '../../kernel/schemas.ts';
import { organisationKinds, roleNames } from './rules/roles.ts';
import { settingLevels, settingThemes } from './rules/setting-frames.ts';

export const role = z.enum(roleNames);
export const jurisdiction = z.enum(['be-bru', 'fr-idf']);
export type Jurisdiction = z.infer<typeof jurisdiction>;
export const organisationKind = z.enum(organisationKinds);

const email = z.string().trim().toLowerCase().pipe(z.email('E-FIELD-EMAIL')).meta({ format: 'email' });
const password = z.string().min(1, 'E-FIELD-REQUIRED').max(200, 'E-FIELD-LONG');
const nothing = z.object({});

const chosenOrganisation = z.object({
  id,
  name: z.string(),
  shortName: z.string(),
  kind: organisationKind,
  jurisdiction,
});

const person = z.object({
  id: z.string(),
  email: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  language,
  twoFactor: z.boolean(),
});

// Session ------------------------------------------------------------------------------------------------------------

export const signIn = endpoint({
  id: 'organisations.signIn',
  method: 'POST',
  path: '/session',
  summary: 'Sign in with an address of mail and a password',
  permission: 'public',
  body: z.object({ email, password }),
  reply: z.object({ state: z.enum(['signed-in', 'code-needed']) }),
});

export const enterCode = endpoint({
  id: 'organisations.enterCode',
  method: 'POST',
  path: '/session/code',
  summary: 'Finish signing in with a one-time code',
  permission: 'public',
  body: z.object({
    code: z.string().trim().min(6, 'E-FIELD-REQUIRED').max(20),
    kind: z.enum(['app', 'backup']).default('app'),
  }),
  reply: z.object({ state: z.literal('signed-in') }),
});

export const getSession = endpoint({
  id: 'organisations.getSession',
  method: 'GET',
  path: '/session',
  summary: 'Who is signed in, for which organisation, and what may be done',
  permission: 'session',
  reply: z.object({
    user: person,
    organisation: z.object({
      id,
      name: z.string(),
      kind: organisationKind,
      jurisdiction,
      modules: z.array(z.string()),
    }),
    organisations: z.array(chosenOrganisation),
    roles: z.array(role),
    permissions: z.array(z.string()),
    onBehalfOf: z.string().nullable(),
    delegations: z.array(z.object({ fromUserId: z.string(), fromName: z.string(), endsOn: dayOut })),
    today: dayOut,
    lateSchedules: z.array(
      z.object({ name: z.string(), lastSucceededAt: momentOut.nullable(), problem: z.string().nullable() }),
    ),
  }),
});

export const signOut = endpoint({
  id: 'organisations.signOut',
  method: 'DELETE',
  path: '/session',
  summary: 'Sign out',
  permission: 'public',
  reply: nothing,
});

export const listProviders = endpoint({
  id: 'organisations.listSignInProviders',
  method: 'GET',
  path: '/session/providers',
  summary: 'Identity providers through which one may sign in',
  permission: 'public',
  reply: z.object({ providers: z.array(z.object({ id: z.string(), name: z.string() })) }),
});

export const signInWithProvider = endpoint({
  id: 'organisations.signInWithProvider',
  method: 'POST',
  path: '/session/provider',
  summary: 'Start signing in through an identity provider: answers the address to go to',
  permission: 'public',
  body: z.object({ provider: z.string().max(100) }),
  reply: z.object({ url: z.string() }),
});

// One's own account ----------------------------------------------------------------------------------------------------

export const updateProfile = endpoint({
  id: 'organisations.updateProfile',
  method: 'PUT',
  path: '/account',
  summary: "Change one's own name and language",
  permission: 'session',
  body: z.object({ givenName: text(100), familyName: text(100), language }),
  reply: person.pick({ givenName: true, familyName: true, language: true }),
});

export const changePassword = endpoint({
  id: 'organisations.changePassword',
  method: 'PUT',
  path: '/account/password',
  summary: "Change one's own password; other sessions end",
  permission: 'session',
  body: z.object({ current: password, next: password }),
  reply: nothing,
});

export const prepareCodes = endpoint({
  id: 'organisations.prepareCodes',
  method: 'POST',
  path: '/account/codes',
  summary: 'Prepare one-time codes: the address for the phone, and codes for a lost phone',
  permission: 'session',
  body: z.object({ password }),
  reply: z.object({ uri: z.string(), backupCodes: z.array(z.string()) }),
});

export const confirmCodes = endpoint({
  id: 'organisations.confirmCodes',
  method: 'PUT',
  path: '/account/codes',
  summary: 'Confirm one-time codes with a first code',
  permission: 'session',
  body: z.object({ code: z.string().trim().length(6, 'E-SIGN-IN-05') }),
  reply: nothing,
});

export const removeCodes = endpoint({
  id: 'organisations.removeCodes',
  method: 'DELETE',
  path: '/account/codes',
  summary: 'Stop asking one-time codes',
  permission: 'session',
  body: z.object({ password }),
  reply: nothing,
});

export const getMailPreference = endpoint({
  id: 'organisations.getMailPreference',
  method: 'GET',
  path: '/account/mail',
  summary: 'What one receives by mail, and whether this installation sends any',
  permission: 'session',
  reply: z.object({ reminders: z.boolean(), sending: z.boolean() }),
});

export const putMailPreference = endpoint({
  id: 'organisations.putMailPreference',
  method: 'PUT',
  path: '/account/mail',
  summary: 'Choose whether to receive the reminders of the morning by mail',
  permission: 'session',
  body: z.object({ reminders: z.boolean() }),
  reply: nothing,
});

// People and roles -----------------------------------------------------------------------------------------------------

const member = z.object({
  userId: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  email: z.string(),
  roles: z.array(role),
  title: z.string().nullable(),
  startsOn: dayOut,
  endsOn: dayOut.nullable(),
  version: z.number(),
});

const invitation = z.object({
  id,
  email: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  roles: z.array(role),
  expiresAt: momentOut,
});

const delegation = z.object({
  id,
  fromUserId: z.string(),
  fromName: z.string(),
  toUserId: z.string(),
  toName: z.string(),
  roles: z.array(role),
  startsOn: dayOut,
  endsOn: dayOut,
  reason: z.string(),
});

export const listPeople = endpoint({
  id: 'organisations.listPeople',
  method: 'GET',
  path: '/people',
  summary: 'People of the organisation, invitations waiting, delegations running',
  permission: 'organisations.read',
  reply: z.object({
    members: z.array(member),
    invitations: z.array(invitation),
    delegations: z.array(delegation),
    availableRoles: z.array(role),
    can: z.object({ manage: z.boolean(), delegate: z.boolean() }),
  }),
});

export const invitePerson = endpoint({
  id: 'organisations.invitePerson',
  method: 'POST',
  path: '/people/invitations',
  summary: 'Invite a person; the answer carries the link, which is mailed where a mail server is set',
  permission: 'organisations.manage',
  body: z.object({
    email,
    givenName: text(100),
    familyName: text(100),
    roles: z.array(role).min(1, 'E-FIELD-REQUIRED'),
    language,
  }),
  reply: z.object({ id, link: z.string(), expiresAt: momentOut, mailed: z.boolean() }),
});

export const revokeInvitation = endpoint({
  id: 'organisations.revokeInvitation',
  method: 'DELETE',
  path: '/people/invitations/:id',
  summary: 'Withdraw an invitation',
  permission: 'organisations.manage',
  params: z.object({ id }),
  reply: nothing,
});

export const getInvitation = endpoint({
  id: 'organisations.getInvitation',
  method: 'GET',
  path: '/invitations/:token',
  summary: 'What an invitation says, for the person invited',
  permission: 'public',
  params: z.object({ token: z.string().max(100) }),
  reply: z.object({ organisation: z.string(), email: z.string(), givenName: z.string(), known: z.boolean() }),
});

export const acceptInvitation = endpoint({
  id: 'organisations.acceptInvitation',
  method: 'POST',
  path: '/invitations/:token/acceptance',
  summary: 'Accept an invitation; who has no account yet chooses a password',
  permission: 'public',
  params: z.object({ token: z.string().max(100) }),
  body: z.object({ password: z.string().max(200, 'E-FIELD-LONG').default('') }),
  reply: z.object({ email: z.string() }),
});

export const updateMember = endpoint({
  id: 'organisations.updateMember',
  method: 'PUT',
  path: '/people/:userId',
  summary: 'Change the roles of a person, or the day they end',
  permission: 'organisations.manage',
  params: z.object({ userId: z.string().max(100) }),
  body: z.object({
    roles: z.array(role).min(1, 'E-FIELD-REQUIRED'),
    title: optionalText(100),
    endsOn: localDate.nullable(),
    version: z.number().int(),
  }),
  reply: member,
});

export const delegate = endpoint({
  id: 'organisations.delegate',
  method: 'POST',
  path: '/delegations',
  summary: "Lend one's own roles to a colleague for a time",
  permission: 'organisations.delegate',
  body: z
    .object({
      toUserId: z.string().min(1, 'E-FIELD-REQUIRED').max(100),
      roles: z.array(role).min(1, 'E-FIELD-REQUIRED'),
      startsOn: localDate,
      endsOn: localDate,
      reason: text(300),
    })
    .refine((body) => body.endsOn >= body.startsOn, { path: ['endsOn'], message: 'E-FIELD-BEFORE-START' }),
  reply: z.object({ id }),
});

export const revokeDelegation = endpoint({
  id: 'organisations.revokeDelegation',
  method: 'DELETE',
  path: '/delegations/:id',
  summary: 'End a delegation before its time',
  permission: 'organisations.delegate',
  params: z.object({ id }),
  reply: nothing,
});

// The organisation -----------------------------------------------------------------------------------------------------

export const provider = z.object({
  id: z.string(),
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  active: z.boolean(),
});

const settingChoice = z.object({
  value: z.unknown(),
  validFrom: dayOut,
  reason: z.string().nullable(),
  decidedBy: z.string(),
});

export const settingFrame = z.object({
  theme: z.enum(settingThemes),
  level: z.enum(settingLevels),
  moves: z.boolean(),
  givenByState: z.boolean().optional(),
  source,
});

export const getOrganisation = endpoint({
  id: 'organisations.getOrganisation',
  method: 'GET',
  path: '/organisation',
  summary: 'The organisation: who it is, its choices, its identity providers',
  permission: 'organisations.read',
  reply: z.object({
    id,
    name: z.string(),
    kind: organisationKind,
    jurisdiction,
    registrationNumber: z.string().nullable(),
    address: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    settings: z.array(
      z.object({
        key: z.string(),
        /** What it may be, as a JSON schema. */
        schema: z.record(z.string(), z.unknown()),
        value: z.unknown(),
        isDefault: z.boolean(),
        validFrom: dayOut.nullable(),
        reason: z.string().nullable(),
        decidedBy: z.string().nullable(),
        /** Who fixed it for the region, and by which text. */
        fixedBy: z.string().nullable(),
        source: z.string().nullable(),
        /** Of a setting of the flow: its theme, how far it is regional, whether partners approve it, what it comes from. */
        frame: settingFrame.nullable(),
        /** Whether the organisation changes it without asking anyone. */
        direct: z.boolean(),
        /** The next value, when one is already chosen from a day to come. */
        next: settingChoice.nullable(),
      }),
    ),
    providers: z.array(provider),
    can: z.object({ manage: z.boolean() }),
  }),
});

export const putSetting = endpoint({
  id: 'organisations.putSetting',
  method: 'PUT',
  path: '/organisation/settings/:key',
  summary: 'Choose the value of a setting from a day on; the past keeps its own',
  permission: 'organisations.manage',
  params: z.object({ key: z.string().max(100) }),
  body: z.object({ value: z.unknown(), validFrom: localDate, reason: text(500) }),
  reply: nothing,
});

export const putProvider = endpoint({
  id: 'organisations.putProvider',
  method: 'PUT',
  path: '/organisation/providers/:id',
  summary: 'Add or change an OpenID Connect provider; the secret is kept encrypted and never shown',
  permission: 'organisations.manage',
  params: z.object({ id: z.string().regex(/^[a-z0-9-]{3,40}$/, 'E-FIELD-FORM') }),
  body: z.object({
    name: text(100),
    issuer: z.url({ protocol: /^https?$/, error: 'E-FIELD-ADDRESS' }),
    clientId: text(200),
    clientSecret: z.string().max(500).optional(),
    active: z.boolean(),
  }),
  reply: provider,
});

// Municipalities -------------------------------------------------------------------------------------------------------

export const listMunicipalities = endpoint({
  id: 'organisations.listMunicipalities',
  method: 'GET',
  path: '/municipalities',
  summary: "Municipalities of the organisation's region",
  permission: 'session',
  reply: z.object({
    items: z.array(
      z.object({
        code: z.string(),
        nameFr: z.string(),
        nameNl: z.string().nullable(),
        department: z.string().nullable(),
        /** SIREN and name of the EPT or of the intermunicipality it is in. */
        territory: z.string().nullable(),
        territoryName: z.string().nullable(),
        postalCodes: z.array(z.string()),
      }),
    ),
  }),
});

export const listPartners = endpoint({
  id: 'organisations.listPartners',
  method: 'GET',
  path: '/partners',
  summary: 'Organisations that name candidates for the dwellings of this one',
  permission: 'organisations.read',
  reply: z.object({ items: z.array(z.object({ id, name: z.string(), kind: organisationKind, since: dayOut })) }),
});
