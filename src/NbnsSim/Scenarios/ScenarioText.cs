using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Scenarios;

/// <summary>How values are written in scenario files.</summary>
internal static class ScenarioText
{
    public const string DurationExpected = "a duration such as \"0.5ms\", \"20s\", \"10min\" or \"4d\"";
    public const string DelayExpected = "a duration of at most a day such as \"0.5ms\" or \"20s\"";
    public const string LabelExpected = "a name of 1 to 100 characters that is not blank";
    public const string AddressExpected = "an address such as \"10.0.0.1\"";
    public const string HostAddressExpected = "an address such as \"10.0.0.1\", or the name of a host";
    public const string NameExpected = "a NetBIOS name such as \"JSMITH<03>\"";
    public const string ProbabilityExpected = "a probability such as \"25%\" or \"0.01%\"";
    public const string ServerDialectExpected = "'rfc1002', 'rfc1002-secured', 'nt3.5', 'nt4' or 'w2k'";

    private static readonly (string Unit, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("min", 60_000_000_000), ("s", 1_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ];

    /// <summary>A number and its unit; at most 100 years, whole ticks of 100 ns.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        foreach (var (unit, nanoseconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            // decimal: exact, and the same on every machine
            if (!decimal.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
                return false;
            if (number > 100m * 366 * 86_400_000_000_000 / nanoseconds)
                return false;
            decimal ticks = number * nanoseconds / TimeSpan.NanosecondsPerTick;
            duration = TimeSpan.FromTicks((long)ticks);
            return ticks == decimal.Truncate(ticks);
        }

        return text == "0";
    }

    /// <summary>A duration as <see cref="TryDuration"/> takes it, in the largest unit in which it is a whole number.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0";
        long nanoseconds = duration.Ticks * TimeSpan.NanosecondsPerTick;
        var (unit, size) = Units.Where(one => nanoseconds % one.Nanoseconds == 0).MaxBy(one => one.Nanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / size}{unit}");
    }

    /// <summary>How long something takes on its way: at most a day, so that times stay far from the end of what can be counted.</summary>
    public static bool TryDelay(string text, out TimeSpan duration) => TryDuration(text, out duration) && duration <= TimeSpan.FromDays(1);

    /// <summary>What a segment, a router or a link rule is called.</summary>
    public static bool TryLabel(string text, out string label)
    {
        label = text;
        return text.Length <= 100 && !string.IsNullOrWhiteSpace(text);
    }

    public static bool TryInstant(string text, out Instant instant)
    {
        bool isDuration = TryDuration(text, out var duration);
        instant = Instant.Epoch + duration;
        return isDuration;
    }

    /// <summary>Per cent, to the ten-thousandth: whole parts per million.</summary>
    public static bool TryProbability(string text, out uint partsPerMillion)
    {
        partsPerMillion = 0;
        if (!text.EndsWith('%') || !decimal.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent) || percent > 100)
            return false;
        decimal parts = percent * 10_000;
        partsPerMillion = (uint)parts;
        return parts == decimal.Truncate(parts);
    }

    public static bool TryAddress(string text, out Ipv4Address address) => Ipv4Address.TryParse(text, out address);

    public static bool TrySubnet(string text, out Ipv4Subnet subnet) => Ipv4Subnet.TryParse(text, out subnet);

    public static bool TryName(string text, out NetBiosName name) => NetBiosName.TryParse(text, out name);

    /// <summary>A name of at most fifteen Latin-1 characters: a computer's, user's or workgroup's.</summary>
    public static bool TryBaseName(string text, out string name)
    {
        name = text;
        return text.Length is > 0 and <= NetBiosName.BaseSize && !string.IsNullOrWhiteSpace(text) && text.All(unit => unit is > ' ' and <= '\u00FF' || (unit == ' ' && text[0] != ' '));
    }

    public static bool TryScope(string text, out NetBiosScope scope)
    {
        bool isScope = NetBiosScope.TryParse(text, out var parsed);
        scope = parsed ?? NetBiosScope.Empty;
        return isScope;
    }

    /// <summary>Windows' form or colons.</summary>
    public static bool TryMac(string text, out MacAddress mac)
    {
        mac = default;
        string[] parts = text.Split(text.Contains(':', StringComparison.Ordinal) ? ':' : '-');
        ulong value = 0;
        foreach (string part in parts)
        {
            if (part.Length != 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            value = (value << 8) | octet;
        }

        mac = new MacAddress(value);
        return parts.Length == MacAddress.Size;
    }

    public static bool TryOctets(string text, out byte[] octets)
    {
        string digits = text.Replace(" ", "", StringComparison.Ordinal);
        octets = new byte[digits.Length / 2];
        return Convert.FromHexString(digits, octets, out int read, out int written) == System.Buffers.OperationStatus.Done && read == digits.Length && written > 0;
    }

    /// <summary>A value of an enumeration, in camel case.</summary>
    public static bool TryEnum<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            value = candidate;
            if (Camel(candidate.ToString()) == text)
                return true;
        }

        value = default;
        return false;
    }

    /// <summary>The values of an enumeration, as <see cref="TryEnum{T}"/> takes them.</summary>
    public static string Expected<T>()
        where T : struct, Enum => JsonObjectReader.Listed(Enum.GetNames<T>().Select(Camel));

    /// <summary>The name of a property or of a value, as a file has it.</summary>
    public static string Camel(string name) => name.Length == 1 ? name : char.ToLowerInvariant(name[0]) + name[1..];
}
