using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LiveCapture;

/// <summary>What the command line says.</summary>
internal sealed record Options(string? Device, string? Filter, string? File, long Count)
{
    public const string Help =
        """
        LiveCapture                                list the devices
        LiveCapture DEVICE [OPTIONS]               print the name service packets on DEVICE until Ctrl+C
        LiveCapture simulated [OPTIONS]            the same on a simulated network

          --filter EXPRESSION   what the kernel passes on (pcap-filter); by default port 137 and what may hide it
          --write FILE.pcapng   write every frame that is passed on
          --count N             stop after N name service packets

        Exit codes: 0 done, 2 usage, 3 cannot capture.
        """;

    public static bool TryParse(string[] args, [NotNullWhen(true)] out Options? options)
    {
        options = null;
        var parsed = new Options(null, null, null, long.MaxValue);
        for (int i = 0; i < args.Length; i++)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--filter" when value is not null:
                    parsed = parsed with { Filter = value };
                    i++;
                    break;
                case "--write" when value is not null:
                    parsed = parsed with { File = value };
                    i++;
                    break;
                case "--count" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count > 0:
                    parsed = parsed with { Count = count };
                    i++;
                    break;
                case var device when parsed.Device is null && !device.StartsWith('-'):
                    parsed = parsed with { Device = device };
                    break;
                default:
                    return false;
            }
        }

        bool valid = parsed.Device is not null || args.Length == 0;
        options = valid ? parsed : null;
        return valid;
    }
}
