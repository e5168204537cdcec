namespace LiteBox.North.Terminals;

/// <summary>Flags of c_iflag (termios(3); include/uapi/asm-generic/termbits.h; the header gives them in octal).</summary>
internal static class InputFlags
{
    public const uint IGNBRK = 0x001;
    public const uint ISTRIP = 0x020;
    public const uint INLCR = 0x040;
    public const uint IGNCR = 0x080;
    public const uint ICRNL = 0x100;
    public const uint IUCLC = 0x200;
    public const uint IXON = 0x400;
    public const uint IXANY = 0x800;
    public const uint IXOFF = 0x1000;
    public const uint IMAXBEL = 0x2000;
    public const uint IUTF8 = 0x4000;
}

/// <summary>Flags of c_oflag.</summary>
internal static class OutputFlags
{
    public const uint OPOST = 0x01;
    public const uint OLCUC = 0x02;
    public const uint ONLCR = 0x04;
    public const uint OCRNL = 0x08;
    public const uint ONOCR = 0x10;
    public const uint ONLRET = 0x20;

    /// <summary>TABDLY and XTABS: tabs become spaces.</summary>
    public const uint XTABS = 0x1800;
}

/// <summary>Flags of c_cflag.</summary>
internal static class ControlFlags
{
    public const uint B38400 = 0x0F;
    public const uint B115200 = 0x1002;
    public const uint CS8 = 0x30;
    public const uint CREAD = 0x80;
    public const uint HUPCL = 0x400;
    public const uint CLOCAL = 0x800;
}

/// <summary>Flags of c_lflag.</summary>
internal static class LocalFlags
{
    public const uint ISIG = 0x0001;
    public const uint ICANON = 0x0002;
    public const uint ECHO = 0x0008;
    public const uint ECHOE = 0x0010;
    public const uint ECHOK = 0x0020;
    public const uint ECHONL = 0x0040;
    public const uint NOFLSH = 0x0080;
    public const uint TOSTOP = 0x0100;
    public const uint ECHOCTL = 0x0200;
    public const uint ECHOPRT = 0x0400;
    public const uint ECHOKE = 0x0800;
    public const uint IEXTEN = 0x8000;
}

/// <summary>Places of special characters in c_cc.</summary>
internal static class ControlCharacter
{
    public const int VINTR = 0;
    public const int VQUIT = 1;
    public const int VERASE = 2;
    public const int VKILL = 3;
    public const int VEOF = 4;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int VSTART = 8;
    public const int VSTOP = 9;
    public const int VSUSP = 10;
    public const int VEOL = 11;
    public const int VREPRINT = 12;
    public const int VWERASE = 14;
    public const int VLNEXT = 15;
    public const int VEOL2 = 16;

    /// <summary>NCCS of the kernel's struct termios.</summary>
    public const int Count = 19;
}
