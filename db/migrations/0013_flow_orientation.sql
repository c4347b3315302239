-- How often the suggestion was followed: orientations read in their order.

create index orientations_by_day on allocation.orientations (organisation_id, decided_at desc, id desc);
