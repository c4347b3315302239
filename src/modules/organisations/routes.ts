import { z } from 'zod';
import { notFound } from '../../kernel/problem.ts';
import type { Api } from '../../platform/http/api.ts';
import { organisationCookie } from '../../platform/http/cookies.ts';
import { unseal } from '../../platform/identity/identity.ts';
import { lateSchedules } from '../../platform/jobs/schedules.ts';
import type { Services } from '../../platform/module.ts';
import { delegate, revokeDelegation } from './actions/delegations.ts';
import {
  acceptInvitation,
  invitePerson,
  mailInvitation,
  revokeInvitation,
  updateMember,
} from './actions/invitations.ts';
import { noticeOfSecurity } from './actions/security-notices.ts';
import { putProvider, putSetting } from './actions/settings.ts';
import type { Jurisdiction } from './contract.ts';
import * as contract from './contract.ts';
import {
  delegationsReceived,
  findInvitation,
  findMember,
  mailPreference,
  members,
  municipalities,
  organisationRecord,
  organisationsOfSession,
  partners,
  peopleExtras,
  signInProviders,
} from './queries.ts';
import { type OrganisationKind, type Role, rolesFor } from './rules/roles.ts';
import { frameOf } from './rules/setting-frames.ts';
import { choiceInForce, nextChoice } from './rules/setting-in-force.ts';
import { type SettingKey, settingDefinitions, valueOrDefault } from './settings.ts';

export function organisationRoutes(api: Api, services: Services): void {
  const { identity, database, secret } = services;

  const takeUpProviders = async () =>
    identity.useProviders(
      (await signInProviders(database)).map((row) => ({
        id: row.id,
        name: row.name,
        issuer: row.issuer,
        clientId: row.client_id,
        clientSecret: unseal(secret, row.client_secret),
      })),
    );

  // Session ----------------------------------------------------------------------------------------------------------

  api.open(contract.signIn, async ({ body, request, reply }) => ({
    state: await identity.signIn(request, reply, body.email, body.password),
  }));

  api.open(contract.enterCode, async ({ body, request, reply }) => {
    await identity.enterCode(request, reply, body.code, body.kind);
    return { state: 'signed-in' as const };
  });

  api.open(contract.signOut, async ({ request, reply }) => {
    await identity.signOut(request, reply);
    reply.header('set-cookie', `${organisationCookie}=; Path=/; Max-Age=0; SameSite=Lax`);
    return {};
  });

  api.read(
    contract.getSession,
    ({ session, today }) => [organisationsOfSession(session.token, today), delegationsReceived(today), lateSchedules()],
    ([organisations, delegations, late], { actor, today }) => ({
      user: {
        id: actor.userId,
        email: actor.email,
        givenName: actor.givenName,
        familyName: actor.familyName,
        language: actor.language,
        twoFactor: organisations[0]!.twoFactor,
      },
      organisation: {
        id: actor.organisationId,
        name: actor.organisationName,
        kind: actor.organisationKind as OrganisationKind,
        jurisdiction: actor.jurisdiction as Jurisdiction,
        modules: actor.modules,
      },
      organisations,
      roles: actor.roles as Role[],
      permissions: actor.permissions(),
      onBehalfOf: actor.onBehalfOf,
      delegations,
      today,
      lateSchedules: actor.may('organisations.manage') ? late : [],
    }),
  );

  api.open(contract.listProviders, async () => ({
    providers: (await signInProviders(database)).map(({ id, name }) => ({ id, name })),
  }));

  api.open(contract.signInWithProvider, async ({ body, request, reply }) => {
    await takeUpProviders();
    return { url: await identity.startProvider(request, reply, body.provider) };
  });

  // One's own account ------------------------------------------------------------------------------------------------

  api.act(contract.updateProfile, async ({ tx, actor, body }) => {
    await tx
      .updateTable('organisations.users')
      .set({ given_name: body.givenName, family_name: body.familyName, language: body.language })
      .where('id', '=', actor.userId)
      .execute();
    return body;
  });

  api.stream(contract.changePassword, async ({ actor, body, request, reply }) => {
    await identity.changePassword(request, reply, body.current, body.next);
    await noticeOfSecurity(database, actor, 'password-changed');
    return {};
  });

  api.stream(contract.prepareCodes, ({ body, request }) => identity.prepareCodes(request, body.password));

  api.stream(contract.confirmCodes, async ({ actor, body, request, reply }) => {
    await identity.confirmCodes(request, reply, body.code);
    await noticeOfSecurity(database, actor, 'codes-on');
    return {};
  });

  api.stream(contract.removeCodes, async ({ actor, body, request, reply }) => {
    await identity.removeCodes(request, reply, body.password);
    await noticeOfSecurity(database, actor, 'codes-off');
    return {};
  });

  api.read(
    contract.getMailPreference,
    () => [mailPreference()],
    ([[preference]]) => ({ ...preference!, sending: services.config.smtpUrl !== undefined }),
  );

  api.act(contract.putMailPreference, async ({ tx, actor, body }) => {
    await tx
      .updateTable('organisations.users')
      .set({ reminder_mail: body.reminders })
      .where('id', '=', actor.userId)
      .execute();
    return {};
  });

  // People and roles -------------------------------------------------------------------------------------------------

  api.read(
    contract.listPeople,
    ({ organisationId, today }) => [members(organisationId), peopleExtras(organisationId, today)],
    ([people, [extras]], { actor }) => ({
      members: people,
      invitations: actor.may('organisations.manage') ? extras!.invitations : [],
      delegations: extras!.delegations,
      availableRoles: rolesFor(actor.organisationKind),
      can: { manage: actor.may('organisations.manage'), delegate: actor.may('organisations.delegate') },
    }),
  );

  api.act(contract.invitePerson, async ({ tx, actor, body }) => {
    const { token, ...invitation } = await invitePerson(tx, actor, body);
    const path = `/invitation/${token}`;
    await mailInvitation(tx, actor, { ...body, path, expiresAt: invitation.expiresAt });
    const mailed = services.config.smtpUrl !== undefined;
    return { ...invitation, link: `${services.baseUrl()}${path}`, mailed };
  });

  api.act(contract.revokeInvitation, async ({ tx, actor, params }) => {
    await revokeInvitation(tx, actor, params.id);
    return {};
  });

  api.open(contract.getInvitation, async ({ params }) => {
    const found = await findInvitation(database, params.token);
    if (!found) throw notFound('E-INVITATION-01');
    return {
      organisation: found.organisation_name,
      email: found.email,
      givenName: found.given_name,
      known: found.known_user_id !== null,
    };
  });

  api.open(contract.acceptInvitation, ({ params, body, today }) =>
    acceptInvitation(database, params.token, body.password, today),
  );

  api.act(contract.updateMember, async ({ tx, actor, params, body, today }) => {
    await updateMember(tx, actor, params.userId, body, today);
    const member = await findMember(tx, actor.organisationId, params.userId);
    if (!member) throw notFound();
    return member;
  });

  api.act(contract.delegate, ({ tx, actor, body }) => delegate(tx, actor, body));

  api.act(contract.revokeDelegation, async ({ tx, actor, params }) => {
    await revokeDelegation(tx, actor, params.id);
    return {};
  });

  // The organisation -------------------------------------------------------------------------------------------------

  api.read(
    contract.getOrganisation,
    ({ organisationId }) => [organisationRecord(organisationId)],
    ([[organisation]], { actor, today }) => ({
      ...organisation!,
      settings: (Object.keys(settingDefinitions) as SettingKey[])
        .filter((key) => !key.startsWith('flow.') || actor.jurisdiction === 'fr-idf')
        .map((key) => {
          const choices = organisation!.settings.filter((setting) => setting.key === key);
          const chosen = choiceInForce(choices, today);
          const coming = nextChoice(choices, today);
          const frame = frameOf(key);
          return {
            key,
            schema: z.toJSONSchema(settingDefinitions[key].schema),
            value: valueOrDefault(key, actor.jurisdiction, chosen?.value),
            isDefault: !chosen,
            validFrom: chosen?.validFrom ?? null,
            reason: chosen?.reason ?? null,
            decidedBy: chosen?.decidedBy ?? null,
            fixedBy: chosen?.fixedBy ?? null,
            source: chosen?.source ?? null,
            frame,
            direct: !chosen?.fixedBy && !frame?.moves,
            next: coming && {
              value: valueOrDefault(key, actor.jurisdiction, coming.choice?.value),
              validFrom: coming.on,
              reason: coming.choice?.reason ?? null,
              decidedBy: coming.choice?.decidedBy ?? '',
            },
          };
        }),
      providers: actor.may('organisations.manage') ? organisation!.providers : [],
      can: { manage: actor.may('organisations.manage') },
    }),
  );

  api.act(contract.putSetting, async ({ tx, actor, params, body, today }) => {
    await putSetting(tx, actor, { ...body, key: params.key }, today);
    return {};
  });

  api.act(contract.putProvider, async ({ tx, actor, params, body }) =>
    putProvider(tx, actor, secret, { ...body, id: params.id }),
  );

  api.read(
    contract.listMunicipalities,
    ({ organisationId }) => [municipalities(organisationId)],
    ([items]) => ({ items }),
  );

  api.read(
    contract.listPartners,
    ({ organisationId, today }) => [partners(organisationId, today)],
    ([items]) => ({ items }),
  );
}
