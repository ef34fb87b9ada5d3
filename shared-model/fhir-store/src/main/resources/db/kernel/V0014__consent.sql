-- What patients consented to: the rules of their active consents, one row for each type that this service holds. Kept by the
-- writes of Consent where it is held, and by its events elsewhere.
create table consent_provision (
    consent text not null,
    patient text not null,
    type text not null,
    -- Of the rules of one consent that speak of an access, the deepest decides.
    depth int not null,
    permit boolean not null,
    -- null: anybody, anything, any time
    organizations text[],
    purposes text[],
    labels bigint[],
    codes bigint[],
    targets bigint[],
    valid_from timestamptz,
    valid_until timestamptz,
    data_from timestamptz,
    data_until timestamptz
);
create index consent_provision_key on consent_provision (patient, type);
create index consent_provision_source on consent_provision (consent);

-- Up to which version each consent's rules are kept, also of those that have none any more.
create table consent_version (
    consent text primary key,
    version bigint not null
);

-- Whether organization may see a resource of a patient with consents. Each consent decides by its deepest rule that speaks of
-- it, at one depth by a denial; a denial of one consent counts more than the permission of another. What is sensitive is
-- permitted by rules alone that name all its sensitive labels. Data without a date are not within any time, but denied with it.
create function consented(
    row_id bigint, row_type text, row_ref bigint, row_patient text,
    organization text, for_purposes text[], sensitive bigint[], open_without boolean
) returns boolean language plpgsql stable
    set plan_cache_mode = force_generic_plan as $$
begin
    return coalesce(
        (select bool_and(d.permit) from (
            select distinct on (c.consent) c.permit from consent_provision c
            where c.patient = row_patient and c.type = row_type
              and (c.organizations is null or organization = any(c.organizations))
              and (c.purposes is null or c.purposes && for_purposes)
              and (c.valid_from is null or c.valid_from <= now()) and (c.valid_until is null or c.valid_until > now())
              and (c.labels is null or exists (select from token_index t where t.rid = row_id and t.h = any(c.labels)))
              and (c.codes is null or exists (select from token_index t where t.rid = row_id and t.h = any(c.codes)))
              and (c.targets is null or row_ref = any(c.targets))
              and (c.data_from is null and c.data_until is null
                or case when c.permit
                    then exists (select from date_index d where d.rid = row_id)
                      and not exists (select from date_index d where d.rid = row_id
                        and (d.low < c.data_from or d.high > c.data_until))
                    else not exists (select from date_index d where d.rid = row_id
                        and (d.high <= c.data_from or d.low >= c.data_until))
                      or exists (select from date_index d where d.rid = row_id
                        and not coalesce(d.high <= c.data_from, false) and not coalesce(d.low >= c.data_until, false))
                    end)
              and (not c.permit or not exists (select from token_index t
                where t.rid = row_id and t.h = any(sensitive) and t.h <> all(coalesce(c.labels, '{}'))))
            order by c.consent, c.depth desc, c.permit) d),
        open_without and not exists (select from token_index t where t.rid = row_id and t.h = any(sensitive)));
end
$$;
