import { call } from '../../ui/api.ts';
import type { UiServices } from '../../ui/services.tsx';
import {
  cancelJob,
  deleteDraft,
  deleteView,
  getDraft,
  listViews,
  putDraft,
  saveView,
  timeline,
} from '../workspace/contract.ts';

/** What the shared parts of the screens ask, answered by the workspace. */
export const services: UiServices = {
  listViews: async (list) => (await call(listViews, { params: { list } })).views,
  saveView: async (list, view) => void (await call(saveView, { params: { list }, body: view })),
  deleteView: async (list, id) => void (await call(deleteView, { params: { list, id } })),
  timeline: async (kind, id) => (await call(timeline, { params: { kind: kind as 'dwelling', id } })).events,
  readDraft: async (key) => (await call(getDraft, { params: { key } })).content,
  keepDraft: async (key, content) => void (await call(putDraft, { params: { key }, body: { content } })),
  forgetDraft: async (key) => void (await call(deleteDraft, { params: { key } })),
  stopJob: async (id) => void (await call(cancelJob, { params: { id } })),
};
