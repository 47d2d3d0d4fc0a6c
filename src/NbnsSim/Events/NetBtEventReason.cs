using NbnsSim.Rules;

namespace NbnsSim.Events;

/// <summary>Why an event was logged: the rule, and the datagram that set it off, where one did.</summary>
/// <param name="Rule">The rule that made the node act.</param>
/// <param name="Sender">Who sent the datagram; default where there was none.</param>
/// <param name="TransactionId">The datagram's NAME_TRN_ID.</param>
/// <param name="ByBroadcast">Whether the datagram came by broadcast.</param>
public sealed record NetBtEventReason(Rule Rule, Ipv4Endpoint Sender, ushort TransactionId, bool ByBroadcast);
