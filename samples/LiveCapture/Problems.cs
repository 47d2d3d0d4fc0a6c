using SharpPcap;

namespace LiveCapture;

/// <summary>Why a capture cannot be, and what to do about it.</summary>
internal static class Problems
{
    public static string Rights => OperatingSystem.IsWindows()
        ? "Run as administrator, or install Npcap without restricting it to administrators."
        : OperatingSystem.IsMacOS()
            ? "Run with sudo, or let your user read /dev/bpf* (Wireshark's ChmodBPF package does)."
            : "Run as root, or grant the right to the program: setcap cap_net_raw,cap_net_admin=eip on the built LiveCapture file, or on dotnet itself.";

    /// <summary>The explanation; null for an exception that is none of these.</summary>
    public static string? Explain(Exception problem, string? device) => problem switch
    {
        DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException } =>
            "libpcap is not installed. " + (OperatingSystem.IsWindows()
                ? "Install Npcap from https://npcap.com."
                : "Debian, Ubuntu: apt-get install libpcap0.8; Fedora: dnf install libpcap; Alpine: apk add libpcap; macOS has it."),
        PcapDeviceNotFoundException => $"There is no device '{device}': without arguments the devices are listed.",
        PcapException { Error: PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied } => $"No right to capture on {device}. {Rights}",
        PcapException or IOException or UnauthorizedAccessException => problem.Message,
        _ => null,
    };
}

/// <summary>The device that was named does not exist.</summary>
internal sealed class PcapDeviceNotFoundException : Exception;
