import { randomInt } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import type pg from 'pg';
import { newId } from '../../kernel/id.ts';
import type { Language } from '../../kernel/schemas.ts';
import { acceptInvitation, invitePerson, requireKnownRoles } from '../../modules/organisations/actions/invitations.ts';
import { noticeOfSecurity } from '../../modules/organisations/actions/security-notices.ts';
import { invitePerson as invitation, jurisdiction, organisationKind } from '../../modules/organisations/contract.ts';
import type { Role } from '../../modules/organisations/rules/roles.ts';
import { recordEvent } from '../../platform/audit/events.ts';
import { fixedClock, systemClock } from '../../platform/clock.ts';
import { asProgram } from '../../platform/database/as-program.ts';
import type { Database } from '../../platform/database/connection.ts';
import { resetPassword, unlockAccount, unlockAddress } from '../../platform/identity/accounts.ts';
import { requireGoodPassword } from '../../platform/identity/identity.ts';
import { OperatorError } from '../../platform/operator-error.ts';
import { type CommandInput, defineCommand, WrongUsage } from './command.ts';
import { operator } from './operator.ts';
import { findOrganisation } from './verify-journal.ts';
import { type CommandDatabase, withDatabase } from './with-database.ts';
import { columns, counted } from './words.ts';

const passwordFromInput = {
  'password-stdin': { type: 'boolean', what: 'Lit le mot de passe sur l’entrée standard' },
} as const;

/** Adds a person to an organisation: by an invitation, or at once with a password. */
export const add = defineCommand({
  options: {
    email: { type: 'string', value: 'adresse', what: 'Adresse de courriel, qui sert à se connecter' },
    'given-name': { type: 'string', value: 'prénom', what: 'Prénom' },
    'family-name': { type: 'string', value: 'nom', what: 'Nom' },
    organisation: { type: 'string', value: 'nom ou identifiant', what: 'Organisation où cette personne travaille' },
    roles: { type: 'string', value: 'rôles', what: 'Rôles, séparés par des virgules : director,rental-manager…' },
    language: { type: 'string', value: 'fr|nl|en', what: 'Langue (fr)' },
    ...passwordFromInput,
    kind: { type: 'string', value: 'genre', what: `Crée l’organisation : ${organisationKind.options.join(', ')}` },
    jurisdiction: {
      type: 'string',
      value: 'droit',
      what: `Droit de l’organisation à créer : ${jurisdiction.options.join(', ')}`,
    },
  },
  notes: [
    'Sans mot de passe, la commande donne un lien d’invitation, valable quatorze jours. La première personne d’une base vide :',
    '  npx palier users add --email a.peeters@ais.example --given-name Ann --family-name Peeters \\',
    '    --organisation "AIS Les Érables" --kind agency --jurisdiction be-bru --roles director,administrator',
  ],
  async run(input) {
    const person = personOf(input);
    const password = input.given('password-stdin') ? await readPassword() : undefined;
    if (password !== undefined) requireGoodPassword(password);
    const { config } = input;
    return withDatabase(config, 'users add', { tables: 'current' }, async (opened) => {
      const { database } = opened;
      const organisation = await organisationOf(database.owner, input, person.roles);
      const invited = await asProgram(database, { organisationId: organisation.id, ...operator }, (tx, actor) =>
        invitePerson(tx, actor, person),
      );
      if (password === undefined) {
        const link = `${addressOf(opened, input)}/invitation/${invited.token}`;
        return {
          text: `Invitation de ${person.email} dans ${organisation.name}, à envoyer ; elle vaut jusqu’au ${invited.expiresAt.slice(0, 10)} :\n${link}`,
          data: { email: person.email, organisation, link, expiresAt: invited.expiresAt },
        };
      }
      const known = await findUser(database.owner, person.email);
      const today = (config.today ? fixedClock(config.today) : systemClock).today();
      await acceptInvitation(database, invited.token, password, today);
      const text = known
        ? `${person.email} avait déjà un compte : ${organisation.name} y est ajoutée, son mot de passe reste le même.`
        : `${person.email} peut se connecter, dans ${organisation.name}.`;
      return { text, data: { email: person.email, organisation, known: known !== undefined } };
    });
  },
});

/** @throws ZodError naming the fields that are wrong, WrongUsage when one is missing */
function personOf({ text }: CommandInput) {
  const needed = (option: string): string => {
    const value = text(option);
    if (value === undefined) throw new WrongUsage(`Il manque --${option}. Voyez npx palier users add --help.`);
    return value;
  };
  return invitation.body!.parse({
    email: needed('email'),
    givenName: needed('given-name'),
    familyName: needed('family-name'),
    roles: needed('roles')
      .split(',')
      .map((role) => role.trim()),
    language: text('language') ?? 'fr',
  });
}

/**
 * The organisation named, made first when its kind and jurisdiction are given and nothing has its name.
 * @throws Problem E-ROLE-01 for a role its kind does not know; OperatorError when there is no such organisation
 */
async function organisationOf(
  owner: pg.Pool,
  { text }: CommandInput,
  roles: Role[],
): Promise<{ id: string; name: string }> {
  const asked = text('organisation');
  if (asked === undefined) throw new WrongUsage('Il manque --organisation. Voyez npx palier users add --help.');
  const { kind: givenKind, jurisdiction: givenLaw } = { kind: text('kind'), jurisdiction: text('jurisdiction') };
  if (givenKind === undefined && givenLaw === undefined) {
    const { id, name, kind } = await findOrganisation(owner, asked);
    requireKnownRoles(kind, roles);
    return { id, name };
  }
  const [kind, law] = [organisationKind.parse(givenKind), jurisdiction.parse(givenLaw)];
  requireKnownRoles(kind, roles);
  const { rows } = await owner.query<{ id: string; name: string }>(
    `insert into organisations.organisations (id, name, short_name, jurisdiction, kind)
     select $1, $2, $2, $3, $4
     where not exists (select 1 from organisations.organisations where platform.fold(name) = platform.fold($2))
     returning id, name`,
    [newId(), asked.trim(), law, kind],
  );
  if (!rows[0]) throw new OperatorError(`« ${asked} » existe déjà : retirez --kind et --jurisdiction.`);
  return rows[0];
}

/** Where people reach the program: for the link of an invitation. */
const addressOf = ({ runningAt }: CommandDatabase, { config }: CommandInput): string =>
  config.publicUrl ?? runningAt ?? `http://127.0.0.1:${config.port ?? 4_000}`;

type UserRow = {
  id: string;
  email: string;
  givenName: string;
  familyName: string;
  language: Language;
  locked: boolean;
  lastSeenAt: string | null;
  memberships: { organisationId: string; organisation: string; roles: string[]; endsOn: string | null }[];
};

/** Everyone who may sign in. */
export const list = defineCommand({
  options: {
    organisation: { type: 'string', value: 'nom ou identifiant', what: 'Les personnes d’une seule organisation' },
  },
  async run({ config, text }) {
    return withDatabase(config, 'users list', { tables: 'current', existing: true }, async ({ database }) => {
      const asked = text('organisation');
      const organisation = asked === undefined ? null : (await findOrganisation(database.owner, asked)).id;
      const users = await listUsers(database.owner, organisation, null);
      const rows = users.map((user) => [
        user.email,
        `${user.givenName} ${user.familyName}`,
        user.locked ? 'bloqué' : '',
        user.memberships.map(({ organisation: name, roles }) => `${name} (${roles.join(', ')})`).join(' ; '),
      ]);
      return { text: columns(rows) || 'Personne encore : npx palier users add.', data: { users } };
    });
  },
});

/** Five failures within a quarter of an hour lock an account, as `Identity` does. */
async function listUsers(owner: pg.Pool, organisationId: string | null, email: string | null): Promise<UserRow[]> {
  const { rows } = await owner.query<UserRow>(
    `select u.id, u.email, u.given_name as "givenName", u.family_name as "familyName", u.language,
       (select count(*) >= 5 from auth.sign_in_failures f where f.at > now() - interval '15 minutes'
         and f.subject = 'account:' || encode(sha256(convert_to(lower(trim(u.email)), 'UTF8')), 'hex')) as locked,
       (select max(s."createdAt") from auth."session" s where s."userId" = u.id) as "lastSeenAt",
       coalesce((select jsonb_agg(jsonb_build_object('organisationId', m.organisation_id, 'organisation', o.name,
           'roles', m.roles, 'endsOn', m.ends_on) order by o.name)
         from organisations.memberships m join organisations.organisations o on o.id = m.organisation_id
         where m.user_id = u.id), '[]') as memberships
     from organisations.users u
     where ($1::uuid is null or exists (select 1 from organisations.memberships m where m.user_id = u.id and m.organisation_id = $1))
       and ($2::text is null or lower(u.email) = lower(trim($2)))
     order by u.family_name, u.given_name, u.email`,
    [organisationId, email],
  );
  return rows;
}

const findUser = async (owner: pg.Pool, email: string): Promise<UserRow | undefined> =>
  (await listUsers(owner, null, email))[0];

/** @throws OperatorError when nobody has this address */
async function requireUser(owner: pg.Pool, email: string): Promise<UserRow> {
  const user = await findUser(owner, email);
  if (!user) throw new OperatorError(`Personne n’a l’adresse ${email}. La liste : npx palier users list.`);
  return user;
}

/** What was done to a person is written in the file of each organisation the person works for. */
async function note(database: Database, user: UserRow, kind: string): Promise<void> {
  for (const { organisationId } of user.memberships) {
    await asProgram(database, { organisationId, ...operator }, (tx) =>
      recordEvent(tx, {
        kind,
        organisationId,
        subjects: [{ kind: 'organisation', id: organisationId }],
        after: { email: user.email },
      }),
    );
  }
}

/** Another password for a person who lost it. */
export const password = defineCommand({
  arguments: ['<adresse>'],
  options: passwordFromInput,
  notes: [
    'Sans --password-stdin, un mot de passe est tiré au sort et montré une fois. Les sessions ouvertes de la personne se ferment.',
  ],
  async run({ config, arguments: [email], given }) {
    const typed = given('password-stdin') ? await readPassword() : undefined;
    return withDatabase(config, 'users password', { tables: 'current', existing: true }, async ({ database }) => {
      const user = await requireUser(database.owner, email!);
      const chosen = typed ?? drawPassword();
      await resetPassword(database.auth, user, chosen);
      await note(database, user, 'organisations.password-reset');
      const [first] = user.memberships;
      if (first) {
        const person = { ...user, organisationId: first.organisationId, userId: user.id };
        await noticeOfSecurity(database, person, 'password-changed');
      }
      const shown = typed === undefined ? `\nNouveau mot de passe, à transmettre de vive voix : ${chosen}` : '';
      return {
        text: `Le mot de passe de ${user.email} est changé, ses sessions sont fermées.${shown}`,
        data: { email: user.email, ...(typed === undefined ? { password: chosen } : {}) },
      };
    });
  },
});

/** Letters and digits that are not mistaken for each other, in four groups: some 98 bits. */
const drawPassword = (): string => {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group(), group()].join('-');
};

/** Forgets failed attempts, so that a person, or an office behind one address, may try again at once. */
export const unlock = defineCommand({
  arguments: ['[adresse de courriel]'],
  options: { address: { type: 'string', value: 'adresse IP', what: 'Débloque aussi une adresse du réseau' } },
  async run({ config, arguments: [email], text }) {
    const address = text('address');
    if (email === undefined && address === undefined)
      throw new WrongUsage('Donnez une adresse de courriel, ou --address.');
    return withDatabase(config, 'users unlock', { tables: 'current', existing: true }, async ({ database }) => {
      const user = email === undefined ? undefined : await requireUser(database.owner, email);
      const forgotten =
        (user ? await unlockAccount(database.auth, user) : 0) +
        (address ? await unlockAddress(database.auth, address) : 0);
      if (user) await note(database, user, 'organisations.account-unlocked');
      return {
        text: `${counted(forgotten, 'essai oublié', 'essais oubliés')}. On peut se connecter.`,
        data: { email: user?.email ?? null, address: address ?? null, forgotten },
      };
    });
  },
});

/** The first line of the standard input. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY)
    throw new WrongUsage('Donnez le mot de passe sur l’entrée standard : --password-stdin < fichier.');
  return (await readText(process.stdin)).split(/\r?\n/)[0] ?? '';
}
