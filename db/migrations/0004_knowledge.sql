-- Letters and minutes: what was made from which template, for what, in which language.

create schema knowledge;
grant usage on schema knowledge to palier_app;
comment on schema knowledge is 'Documents made from templates, their versions and their recipients';

create table knowledge.documents (
  organisation_id uuid not null,
  id uuid not null,
  template text not null,
  template_version int not null,
  language text not null,
  title text not null,
  facts jsonb not null,
  file_id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  created_by text,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  constraint document_languages check (language in ('fr', 'nl', 'en'))
);
comment on table knowledge.documents is 'A document made: its template and version, the facts it printed, its file';
create index documents_by_subject on knowledge.documents (organisation_id, subject_kind, subject_id, created_at);
call platform.keep_apart('knowledge.documents', 'select, insert');

-- What other modules may read of a document.
create view knowledge.document_cards with (security_invoker = true) as
  select d.organisation_id, d.id, d.template, d.language, d.title, d.file_id, d.subject_kind, d.subject_id, d.created_at
  from knowledge.documents d;
grant select on knowledge.document_cards to palier_app;

alter table knowledge.documents
  add constraint document_file foreign key (organisation_id, file_id) references platform.files (organisation_id, id);
