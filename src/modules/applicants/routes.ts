import { notFound } from '../../kernel/problem.ts';
import type { Api } from '../../platform/http/api.ts';
import {
  exitApplication,
  registerApplication,
  reinstateApplication,
  updateApplication,
} from './actions/applications.ts';
import { readNationalNumber } from './actions/members.ts';
import * as contract from './contract.ts';
import { applicationList, applicationRecord, registerList } from './queries.ts';
import { bedroomsNeeded } from './rules/bedrooms-needed.ts';
import { ageOn } from './rules/classify-household.ts';

export function applicantRoutes(api: Api): void {
  api.list(contract.listApplications, applicationList);
  api.list(contract.listRegister, registerList);

  api.read(
    contract.getApplication,
    ({ organisationId, params }) => [applicationRecord(organisationId, params.id)],
    ([[application]], { actor, today }) => {
      if (!application) throw notFound();
      const { household } = application;
      const children = household.members.filter((member) => member.relation === 'child');
      const running = application.exitOn === null;
      return {
        ...application,
        bedroomSteps: bedroomsNeeded({
          adults: household.adults,
          couple: household.couple,
          children: household.children,
          known: children.map(({ sex, birthDate }) => ({ sex, age: ageOn(birthDate, today) })),
          shareUntil: 0,
        }).steps,
        can: {
          manage: actor.may('applicants.manage') && running,
          exit: actor.may('applicants.manage') && running,
          reinstate: actor.may('applicants.manage') && application.state === 'removed',
          readNationalNumber: actor.may('applicants.read-national-number'),
        },
      };
    },
  );

  api.act(contract.registerApplication, ({ tx, actor, body, today }) => registerApplication(tx, actor, body, today));
  api.act(contract.updateApplication, ({ tx, actor, params, body, today }) =>
    updateApplication(tx, actor, params.id, body, today),
  );
  api.act(contract.exitApplication, ({ tx, actor, params, body }) => exitApplication(tx, actor, params.id, body));
  api.act(contract.reinstateApplication, ({ tx, actor, params, body }) =>
    reinstateApplication(tx, actor, params.id, body.reason, body.version),
  );
  api.act(contract.readNationalNumber, ({ tx, params, body }) => readNationalNumber(tx, params.id, body.purpose));
}
