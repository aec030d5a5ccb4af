// What of the API of PLCSIM Advanced has values of its own: value types with behaviour. The rest is made from the manifest.
namespace Siemens.Simatic.Simulation.Runtime
{
    using System;
    using System.Collections.Generic;
    using System.Net;
    using OpennessDouble;

    /// A value with its primitive type: of the typed properties the one that Type names can be read; setting one sets Type.
    public struct SDataValue : IValue
    {
        static readonly Dictionary<EPrimitiveDataType, Type> Kinds = new Dictionary<EPrimitiveDataType, Type>
        {
            { EPrimitiveDataType.Bool, typeof(bool) }, { EPrimitiveDataType.Int8, typeof(sbyte) },
            { EPrimitiveDataType.Int16, typeof(short) }, { EPrimitiveDataType.Int32, typeof(int) },
            { EPrimitiveDataType.Int64, typeof(long) }, { EPrimitiveDataType.UInt8, typeof(byte) },
            { EPrimitiveDataType.UInt16, typeof(ushort) }, { EPrimitiveDataType.UInt32, typeof(uint) },
            { EPrimitiveDataType.UInt64, typeof(ulong) }, { EPrimitiveDataType.Float, typeof(float) },
            { EPrimitiveDataType.Double, typeof(double) }, { EPrimitiveDataType.Char, typeof(sbyte) },
            { EPrimitiveDataType.WChar, typeof(char) },
        };
        EPrimitiveDataType type;
        object content;

        public EPrimitiveDataType Type
        {
            get { return type; }
            set { type = value; content = Kinds.ContainsKey(value) ? Activator.CreateInstance(Kinds[value]) : null; }
        }
        public bool Bool { get { return Read<bool>(EPrimitiveDataType.Bool); } set { Put(EPrimitiveDataType.Bool, value); } }
        public sbyte Int8 { get { return Read<sbyte>(EPrimitiveDataType.Int8); } set { Put(EPrimitiveDataType.Int8, value); } }
        public short Int16 { get { return Read<short>(EPrimitiveDataType.Int16); } set { Put(EPrimitiveDataType.Int16, value); } }
        public int Int32 { get { return Read<int>(EPrimitiveDataType.Int32); } set { Put(EPrimitiveDataType.Int32, value); } }
        public long Int64 { get { return Read<long>(EPrimitiveDataType.Int64); } set { Put(EPrimitiveDataType.Int64, value); } }
        public byte UInt8 { get { return Read<byte>(EPrimitiveDataType.UInt8); } set { Put(EPrimitiveDataType.UInt8, value); } }
        public ushort UInt16 { get { return Read<ushort>(EPrimitiveDataType.UInt16); } set { Put(EPrimitiveDataType.UInt16, value); } }
        public uint UInt32 { get { return Read<uint>(EPrimitiveDataType.UInt32); } set { Put(EPrimitiveDataType.UInt32, value); } }
        public ulong UInt64 { get { return Read<ulong>(EPrimitiveDataType.UInt64); } set { Put(EPrimitiveDataType.UInt64, value); } }
        public float Float { get { return Read<float>(EPrimitiveDataType.Float); } set { Put(EPrimitiveDataType.Float, value); } }
        public double Double { get { return Read<double>(EPrimitiveDataType.Double); } set { Put(EPrimitiveDataType.Double, value); } }
        public sbyte Char { get { return Read<sbyte>(EPrimitiveDataType.Char); } set { Put(EPrimitiveDataType.Char, value); } }
        public char WChar { get { return Read<char>(EPrimitiveDataType.WChar); } set { Put(EPrimitiveDataType.WChar, value); } }

        public override string ToString() { return type + ": " + content; }

        object[] IValue.Parts
        {
            get { return new[] { type.ToString(), content }; }
            set
            {
                Type = (EPrimitiveDataType)Enum.Parse(typeof(EPrimitiveDataType), (string)value[0]);
                if (content != null) content = Convert.ChangeType(value[1], content.GetType());
            }
        }

        T Read<T>(EPrimitiveDataType kind)
        {
            if (type != kind) throw new SimulationRuntimeException(ERuntimeErrorCode.TypeMismatch);
            return (T)content;
        }

        void Put(EPrimitiveDataType kind, object value) { type = kind; content = value; }
    }

    /// An IPv4 address.
    public struct SIP : IValue
    {
        public uint IPDWord { get; set; }
        public byte[] IPArray
        {
            get { return new[] { (byte)(IPDWord >> 24), (byte)(IPDWord >> 16), (byte)(IPDWord >> 8), (byte)IPDWord }; }
            set { IPDWord = (uint)(value[0] << 24 | value[1] << 16 | value[2] << 8 | value[3]); }
        }
        public string IPString
        {
            get { return string.Join(".", IPArray); }
            set
            {
                IPAddress found;
                if (value.Split('.').Length != 4 || !IPAddress.TryParse(value, out found))
                    throw new SimulationRuntimeException(ERuntimeErrorCode.WrongArgument);
                IPArray = found.GetAddressBytes();
            }
        }

        public override string ToString() { return IPString; }

        object[] IValue.Parts { get { return new object[] { IPDWord }; } set { IPDWord = Host.As<uint>(value[0]); } }
    }

    /// Address, subnet mask and gateway of an interface.
    public struct SIPSuite4 : IValue
    {
        public SIP IPAddress;
        public SIP SubnetMask;
        public SIP DefaultGateway;

        public SIPSuite4(string in_IPAddress, string in_SubnetMask, string in_DefaultGateway)
        {
            IPAddress = new SIP { IPString = in_IPAddress };
            SubnetMask = new SIP { IPString = in_SubnetMask };
            DefaultGateway = new SIP { IPString = in_DefaultGateway };
        }

        public SIPSuite4(uint in_IPAddress, uint in_SubnetMask, uint in_DefaultGateway)
        {
            IPAddress = new SIP { IPDWord = in_IPAddress };
            SubnetMask = new SIP { IPDWord = in_SubnetMask };
            DefaultGateway = new SIP { IPDWord = in_DefaultGateway };
        }

        public SIPSuite4(byte[] in_IPAddress, byte[] in_SubnetMask, byte[] in_DefaultGateway)
        {
            IPAddress = new SIP { IPArray = in_IPAddress };
            SubnetMask = new SIP { IPArray = in_SubnetMask };
            DefaultGateway = new SIP { IPArray = in_DefaultGateway };
        }

        object[] IValue.Parts
        {
            get { return new[] { Host.Plain(IPAddress), Host.Plain(SubnetMask), Host.Plain(DefaultGateway) }; }
            set { IPAddress = (SIP)value[0]; SubnetMask = (SIP)value[1]; DefaultGateway = (SIP)value[2]; }
        }
    }
}
