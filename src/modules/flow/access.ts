import { type Role, staff } from '../organisations/index.ts';

export const flowAccess = {
  /** Agreements and counters, of the landlord or of the holder, each its own. */
  'flow.read': [...staff, 'holder-officer', 'observer', 'committee-member'],
  'flow.orient': ['director', 'allocation-officer', 'rental-manager'],
  'flow.manage-agreements': ['director'],
  /** The inventory of rights, its conversion, the sharing of new programmes. */
  'flow.convert': ['director', 'allocation-officer'],
  /** To answer, sign or send back an agreement, for the landlord or for the holder. */
  'flow.sign-agreements': ['director', 'holder-officer'],
  /** The cockpit: every holder beside the others, which no holder sees. */
  'flow.steer': [...staff],
  /** Corrective actions, meetings, declared figures. */
  'flow.manage-steering': ['director', 'allocation-officer'],
  /** The flow of several landlords, without names. */
  'flow.oversee': ['observer'],
  /** Leases against the registers of the State, with names. */
  'flow.reconcile': ['director', 'allocation-officer', 'rental-manager'],
  /** The stock by class, its rules and documents. */
  'flow.read-base': [...staff],
  'flow.manage-base': ['director', 'rental-manager'],
  /** Tenants who ask to move within the stock, with names. */
  'flow.rank-transfers': ['director', 'allocation-officer', 'rental-manager'],
  /** Forecasts of subtracted dwellings: the landlord's, and those shared with its partners. */
  'flow.read-forecasts': [...staff, 'holder-officer', 'observer', 'committee-member'],
  'flow.arbitrate-forecasts': ['director', 'holder-officer', 'observer'],
  /** Yearly reports: the landlord's, and those sent to its partners. */
  'flow.read-reports': [...staff, 'holder-officer', 'observer'],
  'flow.manage-reports': ['director', 'allocation-officer'],
  /** To say that a report was received; the landlord for a recipient without space. */
  'flow.acknowledge-reports': ['holder-officer', 'observer', 'director', 'allocation-officer'],
  /** How points are counted: each party proposes and answers. */
  'flow.agree-counting': ['director', 'holder-officer'],
  /** To propose a setting of the flow, to answer, to fix it for a region: the landlord, the holder, the State. */
  'flow.govern': ['director', 'holder-officer', 'observer'],
} satisfies Record<string, readonly Role[]>;
