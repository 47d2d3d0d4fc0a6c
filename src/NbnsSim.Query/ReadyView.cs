namespace NbnsSim.Query;

/// <summary>A view over tables that many want.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What a row is.</param>
/// <param name="Needs">The tables that it reads; where one is not there, neither is the view.</param>
/// <param name="Sql">Its query.</param>
internal sealed record ReadyView(string Name, string Meaning, string[] Needs, string Sql)
{
    public static ReadyView[] All { get; } =
    [
        new(
            "claims", "Requests and demands by which machines claim names: RFC 1002's registrations and overwrites, and multi-homed registrations", ["datagrams"],
            """
            FROM datagrams WHERE kind IN ('NAME REGISTRATION REQUEST', 'MULTI-HOMED NAME REGISTRATION REQUEST', 'NAME OVERWRITE REQUEST', 'NAME OVERWRITE DEMAND')
            """),
        new(
            "claimants", "Who claims names: how many requests and demands, tries included, for how many different names, from when to when", ["datagrams"],
            """
            SELECT source, count(*) AS claims, count(DISTINCT (name, suffix, scope)) AS names, min(time) AS first, max(time) AS last FROM claims GROUP BY source
            """),
        new(
            "owners", "Who holds what name in the end, as far as packets tell", ["holdings"],
            """
            SELECT name, suffix, scope, address, host, is_group, since, last_seen FROM holdings WHERE until IS NULL
            """),
        new(
            "conflicts", "Names that two machines dispute, and how often: refusals, releases of another's name, conflict demands, two owners", ["decisions"],
            """
            SELECT name, suffix, scope, host, other, count(*) AS times, list_sort(list_distinct(list(kind))) AS kinds, min(time) AS first, max(time) AS last,
                list_sort(list_distinct(flatten(list(datagrams)))) AS datagrams
            FROM decisions WHERE kind IN ('RegistrationRefused', 'ReleaseOfAnothersName', 'ConflictDemand', 'ConflictFlag', 'TwoOwners') GROUP BY name, suffix, scope, host, other
            """),
        new(
            "timeline", "What happened, in the order of time: datagrams, and behind those that show it what the diagnosis found", ["datagrams", "decisions"],
            """
            SELECT time, time_ns, datagram, NULL AS decision, source AS host, destination AS other, name, suffix, coalesce(kind, problem) AS text FROM datagrams
            UNION ALL SELECT time, time_ns, datagrams[-1], decision, host, other, name, suffix, text FROM decisions
            ORDER BY time_ns, datagram, decision NULLS FIRST
            """),
    ];
}
