using System.Globalization;

namespace NbnsSim.Reports;

/// <summary>Times of a run as all reports print them: seconds from its beginning, with three decimals.</summary>
internal static class RunSeconds
{
    /// <summary>A time in seconds, without the unit: <c>45.002</c>.</summary>
    public static string Of(Instant time) => string.Create(CultureInfo.InvariantCulture, $"{(time - Instant.Epoch).TotalSeconds:0.000}");
}
