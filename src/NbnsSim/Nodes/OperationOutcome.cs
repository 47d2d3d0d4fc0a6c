namespace NbnsSim.Nodes;

/// <summary>How a command ended.</summary>
public enum OperationOutcome : byte
{
    /// <summary>It did what it was for.</summary>
    Succeeded,

    /// <summary>Somebody objected: NEGATIVE response, or a conflict demand as its answer.</summary>
    Refused,

    /// <summary>Nobody answered who had to.</summary>
    NoAnswer,

    /// <summary>The name server does not know the name, or nobody on the segment has it.</summary>
    NotFound,

    /// <summary>The name is in conflict on this node: anything but deleting it fails at once (RFC 1001 §15.1.3.5; NCB return code 0x19).</summary>
    NameConflict,

    /// <summary>The name is in this node's table already (NCB return code 0x0D; NET error 2276); nothing is sent. Whoever only wants it held may take that for success, as MS-NBTE §4.1 does.</summary>
    AlreadyHere,

    /// <summary>The name is not in this node's table.</summary>
    NotHere,

    /// <summary>Another command, such as deleting the name, put an end to it.</summary>
    Cancelled,

    /// <summary>The node is shut down, or on its way there.</summary>
    NotRunning,

    /// <summary>The node holds as many names or runs as many transactions as it may.</summary>
    OutOfResources,

    /// <summary>The node's system has no such command, or its policy forbids it.</summary>
    NotAvailable,

    /// <summary>The name is none that can be added: it begins with <c>*</c> (RFC 1001 §17.2; NCB return code 0x15).</summary>
    IllegalName,
}
