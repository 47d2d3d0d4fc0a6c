using NbnsSim.Names;

namespace NbnsSim.Protocol;

/// <summary>Something that a machine has under way: what it waits for, and until when.</summary>
/// <param name="Name">The name that it is about.</param>
/// <param name="Doing">What the machine does, in words: <c>claims it by broadcast</c>.</param>
/// <param name="Target">Who was asked last; default where everybody was, or nobody is.</param>
/// <param name="TransactionId">NAME_TRN_ID.</param>
/// <param name="TriesLeft">How often it will be sent again before the machine gives up.</param>
/// <param name="Due">When the next thing happens if nobody answers.</param>
public readonly record struct PendingRequest(NetBiosName Name, string Doing, Ipv4Address Target, ushort TransactionId, int TriesLeft, Instant Due);
