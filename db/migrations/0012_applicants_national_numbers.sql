-- Whether a national number is on file may be told to all who see the member; the number itself stays guarded.
alter table applicants.members
  add column has_national_number boolean not null generated always as (national_number is not null) stored;
comment on column applicants.members.has_national_number is 'A national number is on file; reading it is logged';
grant select (has_national_number) on applicants.members to palier_app;
