-- Yearly reports of the flow: what was proposed and attributed to each holder and in each territory, frozen, then sent.

create table flow.reports (
  organisation_id uuid not null,
  id uuid not null,
  batch_id uuid not null,
  year smallint not null,
  recipient_kind text not null,
  recipient_code text not null,
  recipient_id uuid,
  recipient_name text not null,
  edition smallint not null,
  last_day date not null,
  inputs jsonb not null,
  forecast jsonb not null,
  frozen_at timestamptz not null default clock_timestamp(),
  frozen_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  sent_on date,
  sent_by text,
  file_id uuid,
  version int not null default 1,
  primary key (organisation_id, id),
  constraint report_recipients check (recipient_kind in ('holder', 'territory')),
  constraint a_holder_has_its_space check (recipient_kind <> 'holder' or recipient_id::text = recipient_code),
  constraint what_is_sent_stays check (sent_on is null or withdrawn_at is null)
);
comment on table flow.reports is 'Report of a year for one recipient (L-30 to L-33), frozen: only its sending and its withdrawal are written afterwards';
comment on column flow.reports.recipient_code is 'Holder: its organisation; territory: SIREN of the établissement public territorial or of the intermunicipality';
comment on column flow.reports.edition is 'The second corrects what was sent; the first stays readable. What was withdrawn unsent leaves its number';
comment on column flow.reports.last_day is 'Last day on which it is sent in time (L-30, L-34)';
comment on column flow.reports.inputs is 'What it was computed from: period, perimeters and shares, geography of the priority areas, counting';
comment on column flow.reports.forecast is 'Dwellings subtracted from the base in the following year, by category, with the figures they come from (L-32)';
create unique index report_editions on flow.reports (organisation_id, year, recipient_kind, recipient_code, edition)
  where withdrawn_at is null;
create index reports_by_recipient on flow.reports (recipient_id, sent_on);
create index reports_by_batch on flow.reports (organisation_id, batch_id);
alter table flow.reports enable row level security;
create policy own_organisation on flow.reports using (organisation_id = platform.organisation_id());
create policy recipient on flow.reports for select using (recipient_id = platform.organisation_id() and sent_on is not null);
grant select, insert, update (withdrawn_at, withdrawn_by, sent_on, sent_by, file_id, version) on flow.reports to palier_app;

create table flow.report_lines (
  organisation_id uuid not null,
  report_id uuid not null,
  section text not null,
  key text not null,
  label text,
  share numeric(7, 6),
  due numeric(14, 6),
  freed int not null,
  proposed int not null,
  attributed int not null,
  leased int not null,
  primary key (organisation_id, report_id, section, key),
  constraint report_sections check (section in ('total', 'agreement', 'holder', 'rooms', 'funding', 'priority-area', 'municipality', 'built', 'outside', 'own-outside'))
);
comment on table flow.report_lines is 'Figures of a report (L-31). total to built: in the base; outside: out of the base, all parties; own-outside: what the holder had of it';
comment on column flow.report_lines.due is 'What the shares of the holder gave it in the year, exact (flow.due_parts)';
comment on column flow.report_lines.label is 'Name at the time of the report, when the key is not enough';
alter table flow.report_lines enable row level security;
create policy own_organisation on flow.report_lines using (organisation_id = platform.organisation_id());
create policy recipient on flow.report_lines for select
  using (exists (select from flow.reports r where r.organisation_id = report_lines.organisation_id and r.id = report_lines.report_id
    and r.recipient_id = platform.organisation_id() and r.sent_on is not null));
grant select, insert on flow.report_lines to palier_app;

create table flow.report_sources (
  organisation_id uuid not null,
  report_id uuid not null,
  event_ids uuid[] not null,
  counted int not null,
  hash bytea not null,
  primary key (organisation_id, report_id)
);
comment on table flow.report_sources is 'Events a report counted, for the landlord alone: what came later is told from them';
comment on column flow.report_sources.hash is 'sha256 of the identifiers of the events, in their order, separated by commas';
call platform.keep_apart('flow.report_sources', 'select, insert');

create table flow.report_deliveries (
  organisation_id uuid not null,
  id uuid not null,
  report_id uuid not null,
  channel text not null,
  recipient text not null,
  sent_at timestamptz not null default clock_timestamp(),
  sent_by text not null,
  primary key (organisation_id, id),
  constraint report_channels check (channel in ('space', 'mail', 'letter'))
);
comment on table flow.report_deliveries is 'How a report went to its recipient: its own space, a mail, a letter';
create index report_deliveries_by_report on flow.report_deliveries (organisation_id, report_id, sent_at);
call platform.keep_apart('flow.report_deliveries', 'select, insert');

create table flow.report_acknowledgements (
  organisation_id uuid not null,
  report_id uuid not null,
  by_organisation_id uuid not null,
  by_name text not null,
  received_on date not null,
  note text,
  acknowledged_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, report_id)
);
comment on table flow.report_acknowledgements is 'A recipient says that it has a report; the landlord says so for one that has no space here';
alter table flow.report_acknowledgements enable row level security;
create policy parties on flow.report_acknowledgements for select
  using (organisation_id = platform.organisation_id() or by_organisation_id = platform.organisation_id());
create policy who_received on flow.report_acknowledgements for insert
  with check (by_organisation_id = platform.organisation_id()
    and exists (select from flow.reports r where r.organisation_id = report_acknowledgements.organisation_id
      and r.id = report_acknowledgements.report_id and r.sent_on is not null
      and coalesce(r.recipient_id, r.organisation_id) = platform.organisation_id()));
grant select, insert on flow.report_acknowledgements to palier_app;

-- The report as it was sent, for whom it was sent to.
create policy recipient_of_a_report on platform.files for select
  using (exists (select from flow.reports r where r.organisation_id = files.organisation_id and r.file_id = files.id
    and r.recipient_id = platform.organisation_id() and r.sent_on is not null));

-- The counted events in the order of time: the dwellings behind a figure.
create index flow_events_by_day on flow.events (organisation_id, on_day, id);

alter table flow.reports
  add constraint report_recipient foreign key (recipient_id) references organisations.organisations (id),
  add constraint report_batch foreign key (organisation_id, batch_id) references platform.batches (organisation_id, id),
  add constraint report_file foreign key (organisation_id, file_id) references platform.files (organisation_id, id);
alter table flow.report_lines
  add constraint report_line_report foreign key (organisation_id, report_id) references flow.reports (organisation_id, id);
alter table flow.report_sources
  add constraint report_source_report foreign key (organisation_id, report_id) references flow.reports (organisation_id, id);
alter table flow.report_deliveries
  add constraint report_delivery_report foreign key (organisation_id, report_id) references flow.reports (organisation_id, id);
alter table flow.report_acknowledgements
  add constraint report_acknowledgement_report foreign key (organisation_id, report_id) references flow.reports (organisation_id, id);
