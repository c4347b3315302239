-- What overseers may know: figures of the organisations they watch over, never a name or an address.

create schema insights;
grant usage on schema insights to palier_app;
comment on schema insights is 'Figures of a sector, for federations, administrations, territories and the State';

create function insights.covers(p_perimeter jsonb, p_municipality text) returns boolean language sql immutable as $$
  select (p_perimeter->'departments' is null or p_perimeter->'departments' ? substr(p_municipality, 1, 2))
    and (p_perimeter->'municipalities' is null or p_perimeter->'municipalities' ? p_municipality)
$$;
comment on function insights.covers is 'Whether a municipality is in a perimeter; an empty perimeter holds everything';
